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
