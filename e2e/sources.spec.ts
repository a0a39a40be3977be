/** Event sources: from a new source to its first event, its receipt, its table, a discard and a new write key; who may do what; without JavaScript. */
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';

test.use({ plan: 'PROFESSIONAL' });

const main = (page: Page) => page.getByRole('main');
const unique = (name: string) => `${name} ${Date.now().toString(36)}`;

/** Sends one call as curl in the snippet does. */
async function send(writeKey: string, path: string, call: object): Promise<number> {
  const response = await fetch(`${demo().dataPlane}/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(call),
  });
  await response.arrayBuffer();
  return response.status;
}

const order = (properties: object, messageId: string) => ({
  userId: 'mia',
  event: 'Order Completed',
  messageId,
  properties,
});

/** Makes a source by its two steps; ends on its setup. */
async function createSource(page: Page, name: string): Promise<void> {
  await page.goto('/sources/new');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Its dataset in BigQuery will be')).toBeVisible();
  await page.getByRole('button', { name: 'Create source' }).click();
  await expect(main(page)).toContainText(`${name} is there and takes events.`);
}

/** The write keys that the setup page shows, the current one first. */
async function shownKeys(page: Page): Promise<string[]> {
  const text = await page.getByRole('region', { name: /^Write keys?$/ }).textContent();
  return [...new Set(text?.match(/wk_[0-9a-z]{28}/g) ?? [])];
}

test('a source gets its first event; the receipt leads to table and column, a discard is allowed, the key is rotated', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  const violations = policyViolations(page);
  await signIn(page, organization.person('OWNER'), '/sources');
  await expect(main(page)).toContainText('No event sources yet.');
  await lookTwice(page, 'sources-none');
  await page.goto('/sources/new');
  await lookTwice(page, 'source-new-name');
  const name = unique('Web shop');
  await createSource(page, name);
  const href = new URL(page.url()).pathname;
  const [writeKey = ''] = await shownKeys(page);
  expect(writeKey).toMatch(/^wk_/);
  await expect(page.getByText('Waiting for your first event…')).toBeVisible();
  const snippet = page.getByRole('group', { name: 'curl snippet' });
  await expect(snippet).toContainText(`${demo().dataPlane}/v1/track`);
  await expect(snippet).toContainText(writeKey);
  await lookTwice(page, 'source-waiting');
  for (const sdk of ['Browser', 'Node.js', 'Python']) {
    await page.getByRole('link', { name: sdk, exact: true }).click();
    await expect(page.getByRole('group', { name: `${sdk} snippet` })).toContainText(writeKey);
  }
  await lookTwice(page, 'source-snippet-python');

  expect(await send(writeKey, 'track', order({ revenue: 49.9 }, 'm-1'))).toBe(200);
  await expect(page.getByRole('region', { name: 'Events', exact: true })).toContainText('Order Completed', {
    timeout: 30_000,
  });
  await page.getByRole('link', { name: 'See what became of it' }).click();
  const receipt = page.getByRole('region', { name: 'Order Completed' });
  await expect(receipt).toContainText('Validated');
  await expect(async () => {
    await page.reload();
    await expect(receipt.getByText('Loaded', { exact: true })).toHaveCount(2, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(receipt).toContainText('column revenue added as FLOAT64');
  await expect(receipt).toContainText('49.9');
  await lookTwice(page, 'source-receipt');
  expect(await firstLoadBytes(page, `${href}/events`)).toBeLessThanOrEqual(150_000);

  await receipt.getByRole('link', { name: 'order_completed' }).click();
  await expect(page.getByRole('row', { name: /revenue FLOAT64/ })).toBeVisible();
  await expect(page.getByRole('group', { name: 'query of order_completed' })).toContainText('order_completed_view');
  await lookTwice(page, 'source-schema-table');
  await page.goto(`${href}/schema`);
  await expect(page.getByRole('row', { name: /order_completed/ })).toContainText('of 2,000');
  await lookTwice(page, 'source-schema');

  const colours = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`colour_${index}`, 'red']));
  expect(await send(writeKey, 'track', order(colours, 'm-2'))).toBe(200);
  await page.goto(`${href}/discards`);
  await untilShown(page, 'More new columns than usual came within an hour', 60_000);
  await lookTwice(page, 'source-discards');
  await page
    .getByRole('button', { name: /^Allow/ })
    .first()
    .click();
  await expect(main(page)).toContainText('The column is made with the next events that have it.');
  await page
    .getByRole('button', { name: /^Replay 1 value/ })
    .first()
    .click();
  await expect(main(page)).toContainText('The values are in their rows.', { timeout: 40_000 });

  await page.goto(`${href}/volume`);
  await expect(page.getByRole('row', { name: /Order Completed/ }).first()).toContainText('2');
  await lookTwice(page, 'source-volume');
  await page.goto(`${href}/history?user=mia`);
  await expect(page.getByRole('link', { name: 'Order Completed' }).first()).toBeVisible();
  await lookTwice(page, 'source-history');

  await page.goto(`${href}/rotate`);
  await page.getByRole('button', { name: 'Rotate write key' }).click();
  await expect(main(page)).toContainText('The new write key is below. The one before works until');
  const [newKey = '', oldKey] = await shownKeys(page);
  expect(oldKey).toBe(writeKey);
  expect(await send(newKey, 'track', order({}, 'm-3'))).toBe(200);
  expect(await send(writeKey, 'track', order({}, 'm-4'))).toBe(200);
  await page.getByRole('link', { name: `Revoke… ${writeKey}` }).click();
  await page.getByRole('button', { name: 'Revoke write key' }).click();
  await expect(main(page)).toContainText('The write key is revoked');
  await expect.poll(() => send(writeKey, 'track', order({}, 'm-5')), { timeout: 10_000 }).toBe(401);
  await lookTwice(page, 'source-rotated');
  await page.goto('/sources');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('On');
  await expect(main(page)).toContainText('of 1,000,000');
  await lookTwice(page, 'sources-list');
  await page.goto('/usage');
  await expect(main(page)).toContainText('Events this month');
  await lookTwice(page, 'usage-with-events');
  expect(violations).toEqual([]);
});

test('the tail starts paused; live, new events wait until they are asked for; refused ones say why', async ({
  organization,
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, organization.person('COLLABORATOR'), '/sources/new');
  await createSource(page, unique('App'));
  const href = new URL(page.url()).pathname;
  const [writeKey = ''] = await shownKeys(page);
  await page.goto(`${href}/events`);
  await expect(main(page)).toContainText(/No events in the last \d+ days\./);
  await expect(main(page)).toContainText('Paused.');
  await page.getByRole('button', { name: 'Live' }).click();
  for (const id of ['a', 'b']) expect(await send(writeKey, 'track', order({ size: 1 }, id))).toBe(200);
  expect(await send(writeKey, 'track', { userId: 'jo', properties: {} })).toBe(400);
  const show = page.getByRole('button', { name: 'Show 3 new events' });
  await expect(show).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('row', { name: /Order Completed/ })).toHaveCount(0);
  await lookTwice(page, 'source-events-waiting');
  await show.click();
  await expect(page.getByRole('row', { name: /Order Completed/ })).toHaveCount(2);
  await page.getByLabel('Status').selectOption('Refused');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('row', { name: /Order Completed/ })).toHaveCount(0);
  await page.getByRole('row').getByRole('link').first().click();
  await expect(main(page)).toContainText('A track call needs a non-empty event name.');
  await lookTwice(page, 'source-refused');
  await page.goto(`${href}/events?q=nobody`);
  await expect(main(page)).toContainText('No event matches these filters.');
  await page.goto(`${href}/events?q=mia`);
  await expect(page.getByRole('row', { name: /Order Completed/ })).toHaveCount(2);
});

async function plainPage(browser: Browser, organization: Organization, page: Page): Promise<Page> {
  await signIn(page, organization.person('COLLABORATOR'), '/sources');
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await context.addCookies(await page.context().cookies());
  return context.newPage();
}

test('without JavaScript a source is created, turned off and on, edited and deleted', async ({
  organization,
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  const plain = await plainPage(browser, organization, page);
  const name = unique('Plain');
  await createSource(plain, name);
  const href = new URL(plain.url()).pathname;
  const [writeKey = ''] = await shownKeys(plain);
  await plain.goto(`${href}/edit`);
  await plain.getByRole('textbox', { name: 'Allowed origins' }).fill('not an origin');
  await plain.getByRole('button', { name: 'Save changes' }).click();
  await expect(main(plain)).toContainText('Write an origin such as https://www.example.com.');
  await expect(plain.getByRole('textbox', { name: 'Allowed origins' })).toHaveValue('not an origin');
  await plain.getByRole('textbox', { name: 'Allowed origins' }).fill('https://shop.example.com');
  await plain.getByRole('button', { name: 'Save changes' }).click();
  await expect(main(plain)).toContainText('https://shop.example.com');
  await plain.goto(`${href}/edit`);
  await plain.getByRole('button', { name: 'Turn off' }).click();
  await expect(main(plain)).toContainText('is off: its events are refused with 403.');
  await expect.poll(() => send(writeKey, 'track', order({}, 'n-1')), { timeout: 10_000 }).toBe(403);
  await plain.getByRole('button', { name: 'Undo' }).click();
  await expect(main(plain)).toContainText('takes events again.');
  await plain.goto(`${href}/delete`);
  await plain.getByRole('textbox').fill(name);
  await plain.getByRole('button', { name: 'Delete source' }).click();
  await expect(main(plain)).toContainText('The source was deleted and takes no more events.');
  await expect(main(plain)).toContainText('stays in BigQuery');
  expect((await plain.goto(href))?.status()).toBe(404);
  await plain.context().close();
});

test('a viewer reads everything of a source and changes nothing', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/sources/new');
  await createSource(page, unique('Seen'));
  const href = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await signIn(page, organization.person('VIEWER'), '/sources');
  await expect(page.getByText(/^View only\. Admins: /)).toBeVisible();
  for (const path of ['/sources', href, `${href}/events`, `${href}/schema`, `${href}/discards`, `${href}/volume`]) {
    expect((await page.goto(path))?.status(), path).toBe(200);
    await expect(main(page).getByRole('button', { name: /Turn|Allow|Replay|Actions/ })).toHaveCount(0);
    await expect(main(page).getByRole('link', { name: /Create|Edit|Rotate|Revoke|Delete/ })).toHaveCount(0);
  }
  await page.goto(href);
  await lookTwice(page, 'source-viewer');
  for (const path of ['/sources/new', `${href}/edit`, `${href}/rotate`, `${href}/revoke`, `${href}/delete`]) {
    await page.goto(path);
    await expect(main(page), path).toContainText('Only owners, admins and collaborators can');
  }
});
