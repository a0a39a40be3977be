import { expect, test } from '@playwright/test';
import { demo, personWithRole } from '@/e2e/demo';
import { lookAt } from '@/e2e/look';
import { signIn } from '@/e2e/sign-in';

test('staff see who is near a limit and run a job; the question is on record', async ({ page }) => {
  await signIn(page, demo().staff, '/support');
  await expect(page.getByRole('heading', { name: 'Customers and jobs' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Customers near their daily limit' })).toContainText(
    'Northwind Trading',
  );
  await expect(page.getByRole('table', { name: 'Trials that end soon' })).toContainText('Northwind Trading');
  await expect(page.getByRole('table', { name: /Expired keys/ })).toContainText('contractor');
  const job = page.getByRole('row', { name: /audit\.settle_denials/ });
  await job.getByRole('button', { name: 'Run now…' }).click();
  await page.getByRole('button', { name: 'Run job' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'audit.settle_denials has run.' })).toBeVisible();
  await page.reload();
  await lookAt(page, 'support');
});

test('to a customer the support console does not exist', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'));
  const answer = await page.goto('/support');
  expect(answer?.status()).toBe(404);
  await expect(page.getByText('Northwind Trading')).toHaveCount(0);
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
  await expect(line).toContainText('STARTER');
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
