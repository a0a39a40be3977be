/** GitHub: a repository is connected by a token, the worker reads it, a person is named, and what AI cost on a pull request appears. */
import { expect, type Page } from '@playwright/test';
import { newRepository, newToken, putCommits, putPulls } from '@/dev/testing/pull-requests/github-double';
import { record, sendRecords } from '@/e2e/ai-requests';
import { lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';

test.use({ plan: 'PROFESSIONAL' });

const main = (page: Page) => page.getByRole('main');
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const sha = (letter: string) => letter.repeat(40);

/** A merged pull request with Claude's help and an open one, both by Mia, whose commits have the address that her AI requests name. */
async function putRepository(): Promise<string> {
  const { repo } = await newRepository();
  const author = { name: 'Mia Kern', email: 'mia@example.com', login: 'mia-kern' };
  const merged = {
    sha: sha('a'),
    message: 'Round the sum\n\nCo-authored-by: Claude <noreply@anthropic.com>',
    ...author,
  };
  const open = { sha: sha('b'), message: 'Export in bulk', ...author, date: daysAgo(1) };
  const common = { login: 'mia-kern', draft: false };
  await putPulls(repo, [
    {
      ...common,
      number: 1,
      title: 'Rounding at checkout',
      state: 'closed',
      created_at: daysAgo(4),
      updated_at: daysAgo(3),
      closed_at: daysAgo(3),
      merged_at: daysAgo(3),
      merge_commit_sha: sha('c'),
      head: 'fix/rounding',
      commits: [{ ...merged, date: daysAgo(4) }],
    },
    {
      ...common,
      number: 2,
      title: 'Export in bulk',
      created_at: daysAgo(1),
      updated_at: daysAgo(0.5),
      head: 'feat/export',
      commits: [open],
    },
  ]);
  await putCommits(repo, [{ ...merged, date: daysAgo(4) }]);
  return repo;
}

/** A session of Mia's in the repository, on no branch: it belongs to the open pull request by time alone. */
async function sendSession(organization: Organization, repo: string): Promise<void> {
  const key = await organization.createKey('traces:write');
  const mias = { session_id: 'session-of-mia', repo_slug: repo, tokens_in: 250_000, tokens_out: 10 };
  const answer = await sendRecords(key, [record({ ...mias, timestamp: new Date().toISOString() })]);
  expect(answer.status).toBe(200);
}

/** Stores the token as a credential, which finds it healthy, and connects the repository with it. */
async function connect(page: Page, repo: string, token: string): Promise<void> {
  await page.getByRole('link', { name: 'Connect repository' }).first().click();
  await expect(main(page)).toContainText('No token of GitHub is stored.');
  await page.getByRole('link', { name: 'Add token' }).click();
  await page.getByLabel('Name', { exact: true }).fill('GitHub of the story');
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Test and save' }).click();
  await expect(main(page)).toContainText('The connection test passed.');
  await page.goto('/pull-requests/repositories/new');
  await page.getByLabel('Repository').fill(`https://github.com/${repo}`);
  await page.getByRole('button', { name: 'Connect repository' }).click();
  await page.getByLabel(/^I stored this/).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(repo);
}

test('a repository is connected and read, a person is named, and the cost of a pull request appears; a viewer only reads', async ({
  organization,
  page,
}) => {
  test.setTimeout(300_000);
  const violations = policyViolations(page);
  const repo = await putRepository();
  await sendSession(organization, repo);
  await signIn(page, organization.person('OWNER'), '/pull-requests/repositories');
  await connect(page, repo, await newToken());
  await untilShown(page, 'Up to date');
  await lookTwice(page, 'pull-requests-repository');

  await page.goto('/pull-requests');
  await untilShown(page, 'Export in bulk');
  const open = page.getByRole('row', { name: /Export in bulk/ });
  await expect(page.getByRole('row', { name: /Rounding at checkout/ })).toContainText('Co-author: Claude');
  await expect(open).not.toContainText('$');
  await expect(main(page)).toContainText('Correlation, not cause.');

  await page.goto('/pull-requests/people');
  await untilShown(page, 'mia-kern');
  await page.getByRole('button', { name: 'Confirm for mia@example.com' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Confirmed.' })).toBeVisible();
  await page.goto('/pull-requests');
  await untilShown(page, '1 by time');
  await expect(open).toContainText('$0.63');
  await lookTwice(page, 'pull-requests-cost');
  await open.getByRole('link', { name: 'Export in bulk' }).click();
  await expect(main(page)).toContainText('session-of-mia');
  await lookTwice(page, 'pull-request');

  await signIn(page, organization.person('VIEWER'), '/pull-requests/people');
  await expect(main(page)).toContainText('mia-kern');
  await expect(main(page)).toContainText('View only.');
  await expect(main(page).getByRole('button', { name: /Confirm|Not this person|Take back/ })).toHaveCount(0);
  await page.goto('/pull-requests/repositories');
  await expect(main(page)).toContainText(repo);
  await expect(main(page).getByRole('link', { name: 'Connect repository' })).toHaveCount(0);
  expect(violations).toEqual([]);
});
