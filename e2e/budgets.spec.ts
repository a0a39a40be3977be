/** Budgets of AI usage: set by a form, told when all is used, changed, deleted; a viewer only reads. */
import { expect, type Page } from '@playwright/test';
import { record, sendRecords } from '@/e2e/ai-requests';
import { lookTwice, policyViolations } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';
import { measureBudgets } from '@/lib/domains/traces/budgets/measure-budgets';

const main = (page: Page) => page.getByRole('main');

test('a budget is set, told of once it is used, changed and deleted; a viewer sees it without buttons', async ({
  organization,
  page,
}) => {
  test.setTimeout(180_000);
  const violations = policyViolations(page);
  const key = await organization.createKey('traces:write');
  // $0.62 and a little by the price book.
  const sent = await sendRecords(key, [
    record({ timestamp: new Date().toISOString(), tokens_in: 250_000, tokens_out: 10 }),
  ]);
  expect(sent.status).toBe(200);
  await signIn(page, organization.person('ADMIN'), '/traces/budgets');
  await expect(main(page)).toContainText('No budgets yet.');
  await page.getByRole('link', { name: 'Add budget' }).first().click();
  await page.getByLabel('Budget for').selectOption('repository');
  await page.getByLabel('Dollars a month').fill('0.50');
  await page.getByRole('button', { name: 'Add budget' }).click();
  await expect(main(page)).toContainText('Name the developer, repository or model as AI usage shows it.');
  await lookTwice(page, 'budgets-refused');
  await page
    .getByRole('textbox', { name: 'Name' })
    .or(page.getByRole('combobox', { name: 'Name' }))
    .fill('acme/shop');
  await page.getByRole('button', { name: 'Add budget' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The budget is set.' })).toBeVisible();
  await untilShown(page, 'All used');
  await expect(page.getByRole('row', { name: /acme\/shop/ })).toContainText('of $0.50');
  await lookTwice(page, 'budgets-used');

  expect(await measureBudgets({ customers: [organization.customerId] })).toMatchObject({ told: 1, failed: 0 });
  await page.goto('/');
  await expect(main(page)).toContainText('Budget for the repository acme/shop');

  await page.goto('/traces/budgets');
  await page.getByRole('link', { name: 'Change… the budget of acme/shop' }).click();
  await page.getByLabel('Dollars a month').fill('$1,000');
  await page.getByRole('button', { name: 'Save budget' }).click();
  await expect(main(page)).toContainText('Write dollars, such as 500.');
  await page.getByLabel('Dollars a month').fill('1000');
  await page.getByRole('button', { name: 'Save budget' }).click();
  await expect(page.getByRole('row', { name: /acme\/shop/ })).toContainText('of $1,000.00');
  await expect(main(page)).not.toContainText('All used');

  await signIn(page, organization.person('VIEWER'), '/traces/budgets');
  await expect(page.getByRole('row', { name: /acme\/shop/ })).toContainText('of $1,000.00');
  await expect(main(page)).toContainText('View only.');
  await expect(page.getByRole('link', { name: /Add budget|Change…/ })).toHaveCount(0);
  await page.goto('/traces/budgets/new');
  await expect(page.getByText('Only admins can set budgets of AI usage.')).toBeVisible();

  await signIn(page, organization.person('ADMIN'), '/traces/budgets');
  await page.getByRole('link', { name: 'Change… the budget of acme/shop' }).click();
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete budget' }).click();
  await expect(main(page)).toContainText('No budgets yet.');
  expect(violations).toEqual([]);
});
