/** Pull requests: a person says who a developer is, and what AI cost stands on the pull request; a file of people, a viewer. */
import { expect, type Page } from '@playwright/test';
import { commitRow, insertCommits, insertRepository, pullRow, storePulls } from '@/dev/testing/pull-requests/pull-rows';
import { record, sendRecords } from '@/e2e/ai-requests';
import { firstLoadBytes, lookTwice } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';

const main = (page: Page) => page.getByRole('main');
const title = 'Add the cart';

/** An open pull request of octo with a commit of Mia's address, and a session of hers of a minute ago. */
async function makePull(organization: Organization): Promise<void> {
  const repository = await insertRepository(organization);
  const hourAgo = new Date(Date.now() - 3_600_000);
  const pull = pullRow(repository, { createdAt: hourAgo, title, coAuthors: ['Claude <noreply@anthropic.com>'] });
  await storePulls([pull]);
  const commit = { timestamp: hourAgo, authorEmail: 'mia@example.com', title: 'The cart has lines' };
  await insertCommits([commitRow(repository, commit)], { pull });
  await insertCommits([commitRow(repository, { ...commit, title: 'A draft of it' })], { pull, droppedAt: new Date() });
  const key = await organization.createKey('traces:write');
  const answer = await sendRecords(key, [record({ session_id: 'session-cart', tokens_in: 25_000, tokens_out: 1_500 })]);
  expect(answer.status, answer.text).toBeLessThan(300);
}

test('a suggested person is confirmed, and what AI cost stands on the pull request with its evidence', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  await signIn(page, organization.person('OWNER'), '/pull-requests');
  await expect(main(page)).toContainText('No repository is connected.');
  await expect(page.getByRole('link', { name: 'Connect a repository' })).toBeVisible();
  await makePull(organization);
  await untilShown(page, title);
  await expect(main(page)).toContainText('Correlation, not cause.');
  expect(await firstLoadBytes(page, '/pull-requests')).toBeLessThanOrEqual(150_000);

  await page.goto('/pull-requests/people');
  await untilShown(page, 'mia@example.com');
  await expect(main(page)).toContainText('Commits of this account have the same e-mail address.');
  await lookTwice(page, 'pull-requests-people');
  await page.getByRole('button', { name: 'Confirm for mia@example.com' }).click();
  await expect(main(page)).toContainText('Confirmed.');

  await page.goto('/pull-requests');
  await expect(main(page)).toContainText('1 by time');
  await lookTwice(page, 'pull-requests-list');
  await page.getByRole('link', { name: title }).click();
  await expect(main(page)).toContainText('Time: 1 session of the author’s own in this repository');
  await expect(main(page)).toContainText('Trailer: its commits name 1 co-author, Claude <noreply@anthropic.com>.');
  const inTime = page.getByRole('list', { name: 'Sessions and commits' }).getByRole('listitem');
  await expect(inTime).toHaveCount(3);
  await expect(inTime.filter({ hasText: 'A draft of it' })).toContainText('dropped commit');
  await lookTwice(page, 'pull-requests-one');
  await page.getByRole('link', { name: 'session-cart' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('session-cart');
});

test('a file of people is taken line by line, and what was said can be taken back', async ({ organization, page }) => {
  await signIn(page, organization.person('COLLABORATOR'), '/pull-requests/people/import');
  const file = (text: string) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page
    .getByLabel('File')
    .setInputFiles(file('developer_id,login\nmia@example.com,octo\nx@example.com,not a login\n'));
  await page.getByRole('button', { name: 'Import file' }).click();
  await expect(main(page)).toContainText('1 line taken, 0 unchanged, 1 refused.');
  await expect(main(page)).toContainText('Line 3: A login has letters, digits and hyphens, such as octocat.');
  await page.getByRole('link', { name: 'Back to people' }).click();
  await expect(main(page)).toContainText('by file.');
  await page.getByRole('button', { name: 'Not this person for mia@example.com' }).click();
  await expect(main(page)).toContainText('Noted.');
  await page.getByRole('button', { name: 'Take back for mia@example.com' }).click();
  await expect(main(page)).toContainText('Taken back.');
  await expect(main(page)).toContainText('No developer used AI in the last 90 days.');
});

test('a viewer looks and says nothing of who is who', async ({ organization, page }) => {
  await signIn(page, organization.person('VIEWER'), '/pull-requests/people');
  await expect(main(page)).toContainText('View only.');
  await expect(page.getByRole('link', { name: 'Import CSV' })).toHaveCount(0);
  await page.goto('/pull-requests/people/import');
  await expect(main(page)).toContainText('Viewers cannot say who is who.');
});
