import { expect, test } from '@playwright/test';
import pg from 'pg';
import { demo, personWithRole } from '@/e2e/demo';
import { runJob } from '@/e2e/jobs';
import { lookAt } from '@/e2e/look';
import { signIn } from '@/e2e/sign-in';

test('staff see who is near a limit and run a job; the question is on record', async ({ page }) => {
  await signIn(page, demo().staff, '/support');
  await expect(page.getByRole('heading', { name: 'Customers and jobs' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Customers near their daily limit' })).toContainText(
    'Northwind Trading',
  );
  await expect(page.getByRole('table', { name: 'Trials that end soon' })).toContainText('Northwind Trading');
  await expect(page.getByRole('columnheader', { name: 'Card on file' })).toBeVisible();
  await expect(page.getByRole('table', { name: /Expired keys/ })).toContainText('contractor');
  await runJob(page, 'audit.settle_denials');
  await page.reload();
  await lookAt(page, 'support');
});

/** A message whose attempts are used up, as a mail service that was away too long leaves it. */
async function giveUpMessage(recipient: string): Promise<void> {
  const { customers, databaseUrl } = demo();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const at = new Date().toISOString();
  const data = { member_id: 'mem_e2e', from: 'VIEWER', to: 'ADMIN', changed_by: 'Support story', changed_at: at };
  await client
    .query(
      `INSERT INTO notifications (notification_id, customer_id, event, subject, recipient, channel, company_name, data,
         status, attempts, next_attempt_at, last_error, created_at)
       VALUES ($1, $2, 'role_changed', $1, $3, 'mail', $4, $5, 'failed', 6, $6, 'The mail service did not answer.', $6)`,
      [`ntf_${recipient.split('@')[0]}`, customers[0]?.customer_id, recipient, customers[0]?.company_name, data, at],
    )
    .finally(() => client.end());
}

test('staff see a message that was given up, without its whole address, and send it again', async ({ page }) => {
  const recipient = `given-up-${Date.now().toString(36)}@elsewhere.example`;
  await giveUpMessage(recipient);
  await signIn(page, demo().staff, '/support');
  const table = page.getByRole('table', { name: 'Messages that were given up' });
  const row = table.getByRole('row', { name: /Role changed/ });
  await expect(row).toContainText('g…@elsewhere.example');
  await expect(row).toContainText('The mail service did not answer.');
  await expect(page.getByText(recipient)).toHaveCount(0);
  await lookAt(page, 'support-messages');
  await page.setViewportSize({ width: 390, height: 844 });
  await lookAt(page, 'support-messages-390');
  await row.getByRole('button', { name: 'Send again…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText('No message was given up.')).toBeVisible();
  const arrived = async () => {
    const response = await fetch(`${demo().mail}/emails`, { headers: { authorization: 'Bearer re_e2e' } });
    const { data } = (await response.json()) as { data: { to: string[] }[] };
    return data.filter(mail => mail.to.includes(recipient)).length;
  };
  await expect.poll(arrived, { timeout: 20_000 }).toBe(1);
});

test('staff see who was refused without belonging to an organization, filter it and take it as a file', async ({
  page,
}) => {
  const userAgent = `guesser/${Date.now().toString(36)}`;
  const headers = { authorization: 'Bearer ty_live_guessed', 'user-agent': userAgent };
  expect((await fetch(`${demo().dataPlane}/v1/quota`, { headers })).status).toBe(401);
  await signIn(page, demo().staff, '/support');
  await page.getByRole('link', { name: 'Refusals', exact: true }).click();
  const row = page
    .getByRole('table', { name: 'Refused attempts' })
    .getByRole('row', { name: /Unknown key/ })
    .first();
  await expect(row).toContainText('use a key that is not valid');
  await expect(row).toContainText('127.0.0.0/24');
  await lookAt(page, 'support-refusals');
  await page.setViewportSize({ width: 390, height: 844 });
  await lookAt(page, 'support-refusals-390');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download CSV' }).click();
  expect((await download).suggestedFilename()).toBe('refusals-7-days.csv');
  await page.getByLabel('Who').selectOption('service');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/actor=service/);
  await expect(page.getByRole('row', { name: /Unknown key/ })).toHaveCount(0);
});

test('to a customer the support console does not exist', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'));
  const answer = await page.goto('/support');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
  // The frame around it names the visitor's own organization, and nothing else names one.
  const own = demo().users.find(({ role }) => role === 'OWNER')?.customer_id;
  const others = demo().customers.filter(({ customer_id }) => customer_id !== own);
  expect(others.length).toBeGreaterThan(0);
  for (const { company_name } of others) await expect(page.getByText(company_name)).toHaveCount(0);
});

test('staff read the month of billing, take its file, and suspend an organization that then says so', async ({
  page,
}) => {
  const { customers, staff } = demo();
  const [customer] = customers.filter(item => item.plan === 'STARTER');
  if (!customer) throw new Error('the seed has no STARTER');
  await signIn(page, staff, '/support');
  await page.getByRole('link', { name: 'Billing', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Billing', exact: true })).toBeVisible();
  const line = page.getByRole('table', { name: 'Organizations in this month' }).getByRole('row', {
    name: new RegExp(customer.customer_id),
  });
  await expect(line).toContainText('Starter');
  await expect(page.getByText('No event was given up.')).toBeVisible();

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV of customers' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^billing-\d{4}-\d{2}-customers\.csv$/);
  const text = await (await file.createReadStream()).toArray();
  expect(Buffer.concat(text).toString('utf8')).toContain(`,${customer.customer_id},${customer.company_name},STARTER,`);

  await page.getByRole('button', { name: 'Suspend organization…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Suspend an organization?' });
  await dialog.getByLabel('Organization').fill(customer.customer_id);
  await dialog.getByLabel('Reason').fill('The story of the support console');
  await dialog.getByRole('button', { name: 'Suspend organization' }).click();
  const suspended = page.getByRole('table', { name: 'Suspended organizations' }).getByRole('row', {
    name: new RegExp(customer.customer_id),
  });
  await expect(suspended).toContainText('The story of the support console');
  const { dataPlane } = demo();
  const headers = { authorization: `Bearer ${customer.apiKey}` };
  expect((await page.request.get(`${dataPlane}/v1/quota`, { headers })).status()).toBe(403);
  await lookAt(page, 'support-billing');

  await suspended.getByRole('button', { name: 'End suspension…' }).click();
  const back = page.getByRole('dialog', { name: /^End the suspension of/ });
  await back.getByLabel('Reason').fill('The story goes on');
  await back.getByRole('button', { name: 'End suspension' }).click();
  await expect(suspended).toHaveCount(0);
  expect((await page.request.get(`${dataPlane}/v1/quota`, { headers })).status()).toBe(200);
});

test('the billing console passes on a phone, and to a customer it does not exist', async ({ page, browser }) => {
  await signIn(page, demo().staff, '/support');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/support/billing');
  await lookAt(page, 'support-billing-390');
  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(other, personWithRole('OWNER'));
  expect((await other.goto('/support/billing'))?.status()).toBe(404);
  expect((await other.request.get('/api/support/billing?month=2026-01')).status()).toBe(404);
  await context.close();
});
