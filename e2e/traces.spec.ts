/** AI usage: from the first trace sent by a key to its day, session and model; filters, a refused record, files, a viewer, without JavaScript. */
import { type Browser, expect, type Page } from '@playwright/test';
import { record, sendRecords } from '@/e2e/ai-requests';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';
import { expireTraces } from '@/lib/domains/traces/retention/expire-traces';

test.use({ plan: 'PROFESSIONAL' });

const main = (page: Page) => page.getByRole('main');

/** Sends what the story is about: two sessions, one request that failed, one record that is refused. */
async function sendTraces(organization: Organization): Promise<void> {
  const key = await organization.createKey('traces:write');
  const answer = await sendRecords(key, [
    record(),
    record({ timestamp: new Date(Date.now() - 50_000).toISOString(), status_code: 500, tokens_in: 0, tokens_out: 0 }),
    record({
      session_id: 'session-two',
      developer_id: 'jo@example.com',
      model: 'selfhosted/llama',
      repo_slug: 'acme/data',
      accepted_flag: 1,
    }),
    record({ tokens_in: -5 }),
  ]);
  expect(answer.status, answer.text).toBeLessThan(300);
}

test('the first traces appear by day, session and model; what was refused stands under its import', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  const violations = policyViolations(page);
  await signIn(page, organization.person('OWNER'), '/traces');
  await expect(main(page)).toContainText('No AI usage yet.');
  await expect(page.getByRole('group', { name: 'curl snippet' })).toContainText(`${demo().dataPlane}/v1/traces`);
  await expect(page.getByRole('group', { name: 'LiteLLM snippet' })).toContainText('GenericAPILogger');
  await lookTwice(page, 'traces-none');

  await sendTraces(organization);
  await page.goto('/traces');
  await untilShown(page, 'selfhosted/llama');
  const totals = page.getByRole('region', { name: 'Totals' });
  await expect(totals).toContainText('Requests3');
  await expect(totals).toContainText('1 failed');
  await expect(totals).toContainText('Document price: $0.0075');
  expect(await firstLoadBytes(page, '/traces')).toBeLessThanOrEqual(150_000);
  await lookTwice(page, 'traces-first');

  await page.getByRole('link', { name: 'By developer' }).click();
  await page.getByRole('link', { name: 'jo@example.com' }).click();
  await expect(totals).toContainText('Requests1');
  await expect(main(page)).toContainText('Developer: jo@example.com');
  await page.getByRole('link', { name: 'Clear all' }).click();
  await expect(totals).toContainText('Requests3');

  await page.goto('/traces/sessions');
  await expect(page.getByRole('row', { name: /session-one/ })).toContainText('acme/shop');
  await page.getByRole('link', { name: 'session-one' }).click();
  await expect(main(page)).toContainText('2 requests, 1 failed, 400 tokens.');
  const failed = page.getByRole('listitem').filter({ hasText: 'failed, started after 10 s' });
  await failed.locator('summary').click();
  await expect(failed).toContainText('500');
  await lookTwice(page, 'traces-session');

  await page.goto('/traces/models');
  await expect(page.getByRole('row', { name: /selfhosted\/llama/ })).toContainText('no price');

  await page.goto('/traces/imports');
  await page
    .getByRole('link', { name: /^Received by API/ })
    .first()
    .click();
  await expect(main(page)).toContainText('The field must not be negative.');
  await expect(main(page)).toContainText('tokens_in');
  await lookTwice(page, 'traces-import');
  expect(violations).toEqual([]);
});

test('each list is a file of the same filter, with the names as they were sent', async ({ organization, page }) => {
  test.setTimeout(180_000);
  await sendTraces(organization);
  await signIn(page, organization.person('OWNER'), '/traces');
  await untilShown(page, 'selfhosted/llama');
  const file = async (path: string): Promise<string[]> => {
    const answer = await page.request.get(path);
    expect(answer.headers()['content-type'], path).toContain('text/csv');
    return (await answer.text()).trim().split('\r\n');
  };
  expect(await file('/api/traces/usage?format=csv&rows=names&by=developer')).toHaveLength(3);
  expect(await file('/api/traces/usage?format=csv')).toHaveLength(31);
  expect((await file('/api/traces/sessions?format=csv&developer=jo%40example.com'))[1]).toMatch(/^session-two,/);
  expect(await file('/api/traces/models?format=csv')).toHaveLength(3);
  expect(await file('/api/traces/developers?format=csv')).toHaveLength(3);
  const imports = await file('/api/traces/imports?format=csv');
  const id = imports[1]?.split(',')[0] ?? '';
  expect((await file(`/api/traces/imports/${id}/dead-letters?format=csv`))[1]).toContain('tokens_in');
});

/** A page of the same person without JavaScript. */
async function withoutScripts(browser: Browser, page: Page): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  return context.newPage();
}

test('a viewer reads all of it, also without JavaScript, and has nothing to send with', async ({
  organization,
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  await sendTraces(organization);
  await signIn(page, organization.person('VIEWER'), '/traces');
  await untilShown(page, 'selfhosted/llama');
  const plain = await withoutScripts(browser, page);
  await plain.goto(`${demo().portal}/traces`);
  await plain.getByLabel('Developer').selectOption('jo@example.com');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await expect(plain.getByRole('region', { name: 'Totals' })).toContainText('Requests1');
  await plain.goto(`${demo().portal}/traces/sessions`);
  await plain.getByRole('link', { name: 'session-two' }).click();
  await expect(plain.getByRole('main')).toContainText('1 request, 0 failed');
  await plain.context().close();
  expect((await page.goto('/traces/prices'))?.status()).toBe(200);
  await expect(main(page)).toContainText('View only.');
  await page.goto('/traces/prices/new');
  await expect(page.getByText('Only admins can set prices of AI models.')).toBeVisible();
  const key = await organization.createKey('traces:read');
  expect((await sendRecords(key, [record()])).status).toBe(403);
});

test('fewer days are asked about with what goes; totals stay once the rows are gone, and a viewer only reads', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  const old = new Date(Date.now() - 40 * 86_400_000);
  const key = await organization.createKey('traces:write');
  await sendRecords(key, [record(), record({ session_id: 'session-old', timestamp: old.toISOString() })]);
  await signIn(page, organization.person('ADMIN'), '/traces?days=90');
  const totals = page.getByRole('region', { name: 'Totals' });
  await untilShown(page, /Requests\s*2/);
  await page.goto('/traces/imports');
  await page.getByRole('link', { name: 'Data retention' }).click();
  await expect(main(page)).toContainText('Rows are kept for ever.');
  await lookTwice(page, 'traces-retention');
  await page.getByLabel('Days to keep').fill('10');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(main(page)).toContainText('At least 30 days.');
  await page.getByLabel('Days to keep').fill('30');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Keep rows of AI usage for 30 days?');
  await expect(main(page)).toContainText(/1 request of .+ will be removed/);
  await lookTwice(page, 'traces-retention-confirm');
  await page.getByLabel('Type 30 days to confirm').fill('30 days');
  await page.getByRole('button', { name: 'Remove older rows' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved. Rows are kept for 30 days' })).toBeVisible();

  expect(await expireTraces({ customerId: organization.customerId })).toMatchObject({ rows: 1, failed: 0 });
  await page.goto('/traces/sessions?days=90');
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row', { name: /session-one/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /session-old/ })).toHaveCount(0);
  }).toPass({ timeout: 60_000 });
  await expect(main(page)).toContainText('Requests are kept for 30 days');
  await lookTwice(page, 'traces-kept-since');
  await page.goto('/traces?days=90');
  await expect(totals).toContainText('Requests2');
  await expect(totals).toContainText('Sessions2');

  await page.goto('/settings/retention');
  await page.getByLabel('Days to keep').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(main(page)).toContainText('Saved. Rows are kept for ever.');
  await signIn(page, organization.person('VIEWER'), '/settings/retention');
  await expect(main(page)).toContainText('View only.');
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await page.goto('/settings/retention/confirm?days=30');
  await expect(page.getByText('Only admins can change how long rows of AI usage are kept.')).toBeVisible();
});
