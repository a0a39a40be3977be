import { expect } from '@playwright/test';
import { newRepository, newToken } from '@/dev/testing/pull-requests/github-double';
import { lookTwice } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test('a repository is connected by a token, shows its webhook’s secret once, and is disconnected again', async ({
  organization,
  page,
}) => {
  test.setTimeout(120_000);
  const { repo } = await newRepository();
  await signIn(page, organization.person('OWNER'), '/pull-requests/repositories');
  await expect(page.getByRole('main')).toContainText('No repositories yet.');
  await lookTwice(page, 'repositories-empty');
  await page.getByRole('link', { name: 'Connect repository' }).first().click();
  await page.getByRole('link', { name: 'Add token' }).click();
  await page.getByLabel('Name').fill('GitHub reader');
  await page.getByLabel('Token').fill(await newToken());
  await page.getByRole('button', { name: 'Test and save' }).click();
  await expect(page.getByRole('heading', { name: 'GitHub reader' })).toBeVisible();

  await page.goto('/pull-requests/repositories/new');
  await page.getByRole('textbox', { name: 'Repository' }).fill(`https://github.com/${repo}`);
  await page.getByRole('button', { name: 'Connect repository' }).click();
  const secret = await page.getByLabel('Webhook secret', { exact: true }).inputValue();
  expect(secret).toMatch(/^[\da-f]{64}$/);
  expect(await page.getByLabel('Webhook URL', { exact: true }).inputValue()).toContain('/api/webhooks/github/repo_');
  await lookTwice(page, 'repositories-secret');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { name: repo })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  await lookTwice(page, 'repositories-one');

  await page.goto('/pull-requests/repositories');
  await expect(page.getByRole('link', { name: repo })).toBeVisible();
  await lookTwice(page, 'repositories-list');
  await page.getByRole('button', { name: `Actions for ${repo}` }).click();
  await page.getByRole('link', { name: 'Disconnect…' }).click();
  await page.getByRole('button', { name: 'Disconnect repository' }).click();
  await expect(page.getByRole('main')).toContainText('What was read of it stays.');
  await expect(page.getByRole('main')).toContainText('No repositories yet.');
});

test('a viewer sees repositories without any button', async ({ organization, page }) => {
  await signIn(page, organization.person('VIEWER'), '/pull-requests/repositories');
  await expect(page.getByRole('main')).toContainText('View only.');
  await expect(page.getByRole('link', { name: 'Connect repository' })).toHaveCount(0);
  await page.goto('/pull-requests/repositories/new');
  await expect(page.getByRole('main')).toContainText('Only owners, admins and collaborators can connect repositories.');
});
