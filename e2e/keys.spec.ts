/** API keys in the browser: created and shown once, used, rotated, revoked; what a viewer sees; without JavaScript. */
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { axeFindings } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const unique = (name: string) => `${name}-${Date.now().toString(36)}`;
const secretField = (page: Page) => page.getByLabel('API key', { exact: true });

/** Fills the form and answers the key that is shown. */
async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys/new');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Key created. This is the only time you can see it.')).toBeVisible();
  return secretField(page).inputValue();
}

async function finish(page: Page): Promise<void> {
  await page.getByLabel('I stored this key in a safe place').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page).toHaveURL(url => url.pathname === '/keys');
}

const quotaStatus = async (key: string) =>
  (await fetch(`${demo().portal}/v1/quota`, { headers: { authorization: `Bearer ${key}` } })).status;

/** Reloads the key's page until it says when the key was last used; from then on its name is asked for. */
async function untilUsed(page: Page): Promise<void> {
  const lastUsed = page.locator('dt', { hasText: 'Last used' }).locator('xpath=following-sibling::dd');
  await expect(async () => {
    await page.reload();
    await expect(lastUsed).toContainText('UTC', { timeout: 500 });
  }).toPass();
}

async function withPage(browser: Browser, options: object, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal, ...options });
  await work(await context.newPage()).finally(() => context.close());
}

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page), `${page.url()} ${colorScheme}`).toEqual([]);
  }
}

test('an admin creates a key, sees it once, and finds it in the list; it works at once', async ({
  organization,
  page,
}) => {
  const name = unique('ci-loader');
  await signIn(page, organization.person('ADMIN'), '/keys');
  const key = await createKey(page, name);
  expect(key).toMatch(/^ty_live_[0-9A-Za-z]{38}$/);
  await expect(secretField(page)).toBeFocused();
  await expect(page.getByLabel('.env line', { exact: true })).toHaveValue(`TENANTRY_API_KEY=${key}`);
  await expectAccessible(page);
  expect(await quotaStatus(key)).toBe(200);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Tick the box, or rotate the key later.')).toBeVisible();
  await finish(page);
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(key.slice(0, 12));
  await expect(row).toContainText('Active');
  expect(await page.content()).not.toContain(key.slice(12, 40));
  await expectAccessible(page);
});

/** What the page holds; while it goes from one to another nobody can be asked. */
async function contentOf(page: Page): Promise<string> {
  let content = '';
  await expect(async () => {
    content = await page.content();
  }).toPass();
  return content;
}

test('after a reload the key is gone, and the page says what to do', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys');
  const key = await createKey(page, unique('lost'));
  page.on('dialog', dialog => dialog.accept());
  await page.reload();
  await expect(page.getByText('The key is no longer available. If you did not store it, rotate it.')).toBeVisible();
  expect(await page.content()).not.toContain(key.slice(12, 40));
  expect(page.url()).not.toContain(key.slice(12, 40));
  await page.goBack();
  expect(await contentOf(page)).not.toContain(key.slice(12, 40));
});

test('Esc does not close the shown key, and leaving by a link asks first', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys');
  const key = await createKey(page, unique('guarded'));
  await page.keyboard.press('Escape');
  await expect(secretField(page)).toHaveValue(key);
  const questions: string[] = [];
  page.on('dialog', dialog => {
    questions.push(dialog.message());
    return dialog.dismiss();
  });
  await page.getByRole('navigation').getByRole('link', { name: 'API keys' }).first().click();
  await expect(secretField(page)).toHaveValue(key);
  expect(questions).toHaveLength(1);
});

test('an empty form names what is missing and keeps what was chosen', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys/new');
  await page.getByRole('textbox', { name: 'Name' }).evaluate(input => input.removeAttribute('required'));
  await page.getByRole('radio', { name: 'Custom' }).check();
  await page.getByRole('checkbox', { name: 'runs:write' }).uncheck();
  await page.getByRole('checkbox', { name: 'quota:read' }).uncheck();
  await page.getByRole('combobox', { name: 'Expires' }).selectOption('365');
  await page.getByRole('button', { name: 'Create key' }).click();
  const summary = page.getByRole('alert').filter({ hasText: 'fields are not valid' });
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('link')).toHaveText(['Name', 'Scopes']);
  await expect(page.getByText('Give the key a name.')).toHaveCount(1);
  await expect(page.getByText('Choose at least one scope.')).toHaveCount(1);
  await expect(page.getByRole('combobox', { name: 'Expires' })).toHaveValue('365');
  await expect(page.getByRole('radio', { name: 'Custom' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'runs:write' })).not.toBeChecked();
  await expectAccessible(page);
});

test('scopes and the date show where they are asked for, with and without JavaScript', async ({
  organization,
  browser,
}) => {
  for (const javaScriptEnabled of [true, false]) {
    await withPage(browser, { javaScriptEnabled }, async page => {
      await signIn(page, organization.person('ADMIN'), '/keys/new');
      await expect(page.getByRole('radio', { name: 'Worker' })).toBeChecked();
      await expect(page.getByRole('checkbox', { name: 'runs:write' })).toBeHidden();
      await expect(page.getByLabel('Date', { exact: true })).toBeHidden();
      await page.getByRole('radio', { name: 'Custom' }).check();
      await expect(page.getByRole('group', { name: 'Agent log' }).getByRole('checkbox')).toHaveCount(2);
      await page.getByRole('combobox', { name: 'Expires' }).selectOption('date');
      await expect(page.getByLabel('Date', { exact: true })).toBeVisible();
      // axe needs scripts itself.
      if (javaScriptEnabled) await expectAccessible(page);
      await page.getByRole('radio', { name: 'Read only' }).check();
      await page.getByRole('combobox', { name: 'Expires' }).selectOption('30');
      const name = unique('reader');
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('button', { name: 'Create key' }).click();
      const key = await secretField(page).inputValue();
      const sent = { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };
      expect(await quotaStatus(key)).toBe(200);
      const body = JSON.stringify({ pipeline_id: 'p', trigger_type: 'api', trigger_by: 'e2e' });
      expect((await fetch(`${demo().portal}/v1/runs`, { ...sent, body })).status).toBe(403);
    });
  }
});

test('a rotated key works beside its successor until its time is ended', async ({ organization, page }) => {
  const name = unique('rotating');
  await signIn(page, organization.person('ADMIN'), '/keys');
  const old = await createKey(page, name);
  await finish(page);
  await page.getByRole('link', { name }).first().click();
  await page.getByRole('link', { name: 'Rotate…' }).click();
  await page.getByLabel('1 hour').check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const next = await secretField(page).inputValue();
  expect(next).not.toBe(old);
  await finish(page);
  expect([await quotaStatus(old), await quotaStatus(next)]).toEqual([200, 200]);
  const row = page.getByRole('row').filter({ hasText: name }).filter({ hasText: 'Old key works until' });
  await row.getByRole('link', { name: 'End now' }).click();
  await page.getByRole('button', { name: 'End old key' }).click();
  await expect(page.getByText('Grace period ended early')).toBeVisible();
  expect([await quotaStatus(old), await quotaStatus(next)]).toEqual([401, 200]);
});

test('a key in use is revoked only after its name is typed, and then refused at once', async ({
  organization,
  page,
}) => {
  const name = unique('in-use');
  await signIn(page, organization.person('ADMIN'), '/keys');
  const key = await createKey(page, name);
  await finish(page);
  expect(await quotaStatus(key)).toBe(200);
  await page.getByRole('link', { name }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await untilUsed(page);
  await page.getByRole('link', { name: 'Revoke…' }).click();
  // Its name may be that of another key: start, end and creation tell which one it is.
  const start = `${key.slice(0, 'ty_live_'.length + 4)}…${key.slice(-4)}`;
  await expect(page.getByText(start)).toBeVisible();
  await expect(page.locator('header').getByText(/created \d+ \w+ \d{4}, [\d:]+ UTC/)).toBeVisible();
  await expectAccessible(page);
  const button = page.getByRole('button', { name: 'Revoke key' });
  await page.getByRole('textbox').fill('another name');
  await button.click();
  await expect(page).toHaveURL(/\/revoke$/);
  expect(await quotaStatus(key)).toBe(200);
  await page.getByRole('textbox').fill(name);
  await button.click();
  await expect(page.getByText('Revoked', { exact: true })).toBeVisible();
  expect(await quotaStatus(key)).toBe(401);
  await expectAccessible(page);
});

test('filters, order and page live in the address, as chips that come off', async ({ organization, page }) => {
  const name = unique('findable');
  await signIn(page, organization.person('ADMIN'), '/keys');
  await createKey(page, name);
  await finish(page);
  await page.getByLabel('Search').fill(name.toUpperCase());
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/q=FINDABLE/);
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(1);
  await page.reload();
  await expect(page.getByText(/^Search: FINDABLE/)).toBeVisible();
  await page
    .getByRole('link', { name: /^Expires/ })
    .first()
    .click();
  await expect(page.getByRole('columnheader', { name: /^Expires/ })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/q=FINDABLE.*sort=expires|sort=expires.*q=FINDABLE/);
  await page.goto('/keys?q=there-is-no-such-key');
  await expect(page.getByText('No key matches these filters.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Clear all' }).first().click();
  await expect(page).toHaveURL(url => url.search === '');
});

test('a viewer sees the list without controls, and is told who can before any form', async ({ organization, page }) => {
  await signIn(page, organization.person('VIEWER'), '/keys');
  await expect(page.getByText(/^View only\. Admins: /)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Create key' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Actions for/ })).toHaveCount(0);
  await expectAccessible(page);
  await page.goto('/keys/new');
  await expect(page.getByText(/^Only admins can create API keys\. Admins: /)).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('an unknown key is a page that does not exist', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys');
  for (const path of ['', '/rotate', '/revoke', '/rename', '/end-grace']) {
    const answer = await page.goto(`/keys/00000000-0000-4000-8000-000000000000${path}`);
    expect(answer?.status(), path).toBe(404);
  }
});

test('without JavaScript a key is created, renamed and revoked', async ({ organization, browser }) => {
  await withPage(browser, { javaScriptEnabled: false }, async page => {
    const name = unique('no-script');
    await signIn(page, organization.person('ADMIN'), '/keys');
    const key = await createKey(page, name);
    expect(await quotaStatus(key)).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name }).first().click();
    await page.getByRole('link', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(`${name}-renamed`);
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name}-renamed`);
    await untilUsed(page);
    await page.getByRole('link', { name: 'Revoke…' }).click();
    await page.getByRole('textbox').fill(`${name}-renamed`);
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await expect(page.getByText('Revoked', { exact: true })).toBeVisible();
    expect(await quotaStatus(key)).toBe(401);
  });
});

test('on a phone the list is cards without sideways scrolling, and every action is reachable', async ({
  organization,
  browser,
}) => {
  await withPage(browser, { viewport: { width: 390, height: 844 } }, async page => {
    const name = `x${'long-name'.repeat(8)}`.slice(0, 64);
    await signIn(page, organization.person('ADMIN'), '/keys');
    await createKey(page, name);
    await finish(page);
    await expect(page.getByRole('button', { name: `Actions for ${name}` }).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await expectAccessible(page);
  });
});
