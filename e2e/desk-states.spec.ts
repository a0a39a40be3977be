/** Queries of the desk that have no rows to show: one that runs, failed, was lost, or whose result BigQuery has no more. */
import { expect, type Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { lookTwice } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { leastBytes } from '@/lib/domains/desk/rules';
import { type DeskQuery, deskQueries } from '@/lib/domains/desk/tables';
import { db } from '@/lib/platform/db';

const main = (page: Page) => page.getByRole('main');
const editor = (page: Page) => page.getByRole('textbox', { name: 'Query' });
const sql = 'SELECT sha, title\nFROM commits';
const hourMs = 3_600_000;

/** A query of the collaborator. */
const insert = (organization: Organization, given: Partial<DeskQuery>): Promise<DeskQuery> =>
  insertDeskQuery(organization, { sql, ...given }, organization.as('COLLABORATOR'));

const pathOf = ({ queryId }: DeskQuery): string => `/desk/queries/${queryId}`;

/** Its file is refused, and the page offers none. */
async function expectNoFile(page: Page, { queryId }: DeskQuery, status: number): Promise<void> {
  const file = await page.request.get(`/api/desk/queries/${queryId}/rows?format=csv`);
  expect(file.status()).toBe(status);
  await expect(page.getByRole('link', { name: 'Download CSV' })).toHaveCount(0);
}

async function expectEditOpensIt(page: Page, link: string): Promise<void> {
  await page.getByRole('link', { name: link }).click();
  await expect(editor(page)).toHaveValue(sql);
}

test.beforeEach(async ({ organization, page }) => {
  test.setTimeout(120_000);
  await signIn(page, organization.person('COLLABORATOR'), '/desk/history');
});

test('a query that runs says so, and once it failed says why, without a word of whoever waits', async ({
  organization,
  page,
}) => {
  const query = await insert(organization, {});
  await page.goto(pathOf(query));
  await expect(main(page)).toContainText('It is running.');
  await expect(main(page)).toContainText('Updated');
  await lookTwice(page, 'desk-running');
  await page.goto('/desk/history');
  await expect(page.getByRole('row', { name: /SELECT sha/ })).toContainText('Running');
  await page.goto(pathOf(query));
  const errorMessage = 'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.';
  await db()
    .update(deskQueries)
    .set({ status: 'FAILED', bytesBilled: 0, endedAt: new Date(), errorMessage })
    .where(eq(deskQueries.queryId, query.queryId));
  await expect(main(page)).toContainText('BigQuery stopped it at its cap.');
  await expect(main(page)).toContainText(errorMessage);
  await expect(main(page)).not.toContainText('It is running.');
  await lookTwice(page, 'desk-failed');
  await expectEditOpensIt(page, 'Edit');
});

test('without JavaScript the page of a query that runs has a link that asks again', async ({
  browser,
  organization,
  page,
}) => {
  const query = await insert(organization, {});
  const context = await browser.newContext({
    baseURL: new URL(page.url()).origin,
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  try {
    const plain = await context.newPage();
    await plain.goto(pathOf(query));
    await expect(main(plain)).toContainText('It is running.');
    await plain.getByRole('link', { name: 'Refresh' }).click();
    await expect(plain).toHaveURL(url => url.pathname === pathOf(query));
  } finally {
    await context.close();
  }
});

test('a query that was lost says what stays counted, and can be asked again', async ({ organization, page }) => {
  const errorMessage = 'Nobody knows what became of it: BigQuery could not be asked.';
  const query = await insert(organization, { status: 'LOST', endedAt: new Date(), errorMessage });
  await page.goto(pathOf(query));
  await expect(main(page)).toContainText('What became of it is not known.');
  await expect(main(page)).toContainText('Its estimate of 10.0 MiB stays counted in the budget of its day.');
  await lookTwice(page, 'desk-lost');
  await expectEditOpensIt(page, 'Edit');
});

test('a result that BigQuery keeps no more is gone on the page and as a file, and its text can be checked again', async ({
  organization,
  page,
}) => {
  const startedAt = new Date(Date.now() - 25 * hourMs);
  const ended = { bytesBilled: leastBytes, rowCount: 2, totalRows: 2, endedAt: new Date(startedAt.getTime() + 1_000) };
  const query = await insert(organization, { status: 'COMPLETED', startedAt, ...ended });
  await page.goto(pathOf(query));
  await expect(main(page)).toContainText('The result is gone.');
  await expect(main(page)).toContainText('BigQuery keeps a result for 24 hours.');
  await expectNoFile(page, query, 410);
  await lookTwice(page, 'desk-expired');
  await page.goto('/desk/history');
  await expect(page.getByRole('row', { name: /SELECT sha/ })).toContainText('10.0 MiB');
  await page.goto(pathOf(query));
  await expectEditOpensIt(page, 'Check it and run it again');
});
