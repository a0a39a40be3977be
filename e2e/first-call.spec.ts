/** From sign-up to the first 201: a person opens an organization, makes a key, runs the sample that the page shows, and the page tells of it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { lookEverywhere } from '@/e2e/look';
import { test as withOrganization } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const run = promisify(execFile);
const budgetMs = 3 * 60_000;
/** Other stories sign up as others. */
const newPerson = () => `person-${60 + Math.floor(Math.random() * 11)}@testing.example`;

/** How the page says that each is run; the text itself is what was copied. */
const programs = {
  curl: { file: 'first-call.sh', command: 'bash' },
  Python: { file: 'first_call.py', command: 'python3' },
  TypeScript: { file: 'first-call.mts', command: process.execPath },
} as const;
type Language = keyof typeof programs;

const waiting = (page: Page) => page.getByText('Waiting for your first call…');
const arrived = (page: Page) => page.getByText('Your first call came');

/** Chooses the language and answers what its Copy button copies, which is what is shown. */
async function copySample(page: Page, language: Language): Promise<string> {
  await page.getByText(language, { exact: true }).click();
  const shown = await page.getByRole('group', { name: `${language} sample` }).textContent();
  await page.getByRole('button', { name: `Copy ${language} sample` }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(shown);
  return copied;
}

/** Runs the text as a reader would, and answers what it printed. */
async function runSample(language: Language, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'first-call-'));
  try {
    const { file, command } = programs[language];
    await writeFile(join(folder, file), text);
    return (await run(command, [file], { cwd: folder, timeout: 30_000 })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function createKey(page: Page, name: string, preset: string): Promise<string> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('radio', { name: preset }).check();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Key created. This is the only time you can see it.')).toBeVisible();
  return page.getByLabel('API key', { exact: true }).inputValue();
}

test('from sign-up to the first 201 a person needs less than three minutes, one screen a step', async ({
  page,
  context,
}) => {
  test.setTimeout(budgetMs + 60_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const began = Date.now();
  const steps: string[] = [];
  const step = (what: string) => steps.push(`${((Date.now() - began) / 1000).toFixed(1)} s  ${what}`);

  await page.goto('/signin?next=/onboarding');
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.getByText(newPerson(), { exact: true }).first().click();
  await expect(page).toHaveURL(/\/onboarding$/);
  step('signed in');
  await page.getByLabel('Organization name').fill(`First call ${Date.now().toString(36)}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  step('named the organization');
  await page.getByRole('button', { name: 'Start the trial' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview', { timeout: 30_000 });
  step('started the trial');
  await page.getByRole('region', { name: 'Setup' }).getByRole('link', { name: 'Create an API key' }).click();
  const key = await createKey(page, 'first-worker', 'Worker');
  await expect(waiting(page)).toBeVisible();
  step('created a key');
  await lookEverywhere(page, 'first-call-waiting');
  const sample = await copySample(page, 'TypeScript');
  expect(sample).toContain(key);
  expect(await runSample('TypeScript', sample)).toContain('pipeline_logging_id');
  await expect(arrived(page)).toContainText('POST /v1/runs was answered 201');
  step('ran the sample: the page shows 201');
  const took = Date.now() - began;
  console.log(`from sign-up to the first 201:\n  ${steps.join('\n  ')}`);
  expect(took).toBeLessThan(budgetMs);
  await lookEverywhere(page, 'first-call-arrived');

  for (const language of ['curl', 'Python'] as const)
    expect(await runSample(language, await copySample(page, language)), language).toContain('pipeline_logging_id');
  page.on('dialog', dialog => dialog.accept());
  await page.getByRole('link', { name: 'See the run' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'first_call' }).first()).toBeVisible();
  expect(page.url()).not.toContain(key);
});

withOrganization(
  'a refused call is named by its code, and waiting goes on to the one that is answered',
  async ({ organization, page }) => {
    test.setTimeout(120_000);
    await signIn(page, organization.person('ADMIN'), '/keys/new');
    const key = await createKey(page, 'reader', 'Read only');
    const send = (path: string, method = 'GET') =>
      fetch(`${demo().dataPlane}${path}`, { method, headers: { authorization: `Bearer ${key}` } });
    await send('/v1/runs', 'POST');
    await expect(page.getByText('was refused with')).toBeVisible();
    await expect(page.getByRole('link', { name: 'insufficient_scope' })).toHaveAttribute(
      'href',
      '/docs/errors#insufficient_scope',
    );
    await expect(page.getByText('Waiting for the next call…')).toBeVisible();
    await lookEverywhere(page, 'first-call-refused');
    await send('/v1/quota');
    await expect(arrived(page)).toContainText('GET /v1/quota was answered 200');
    page.on('dialog', dialog => dialog.accept());
    await page.getByRole('link', { name: 'See the key’s calls' }).click();
    await expect(page.getByRole('figure')).toContainText('2 calls, 1 refused or failed.');
    await expect(page.getByRole('region', { name: 'Latest calls' })).toContainText('insufficient_scope');
    await lookEverywhere(page, 'key-calls');
    await page.goto('/keys');
    await expect(page.getByRole('row').filter({ hasText: 'reader' })).toContainText('2');
    await lookEverywhere(page, 'key-list');
  },
);

async function withoutJavaScript(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await work(await context.newPage()).finally(() => context.close());
}

withOrganization(
  'without JavaScript the samples are there with the key, and a link leads to its calls',
  async ({ organization, browser }) => {
    await withoutJavaScript(browser, async page => {
      await signIn(page, organization.person('ADMIN'), '/keys/new');
      const key = await createKey(page, 'no-script', 'Worker');
      await page.getByText('Python', { exact: true }).click();
      const sample = page.getByRole('group', { name: 'Python sample' });
      await expect(sample).toContainText(key);
      await expect(page.getByRole('group', { name: 'curl sample' })).toBeHidden();
      expect(await runSample('Python', (await sample.textContent()) ?? '')).toContain('pipeline_logging_id');
      await page.getByRole('link', { name: 'Check for the first call' }).click();
      await expect(async () => {
        await page.reload();
        await expect(page.getByRole('figure')).toContainText('1 call, none refused or failed.', { timeout: 500 });
      }).toPass();
      expect(await page.content()).not.toContain(key.slice(12, 40));
    });
  },
);
