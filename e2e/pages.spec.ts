import { expect, type Page } from '@playwright/test';
import { commitRow, insertCommits, pullRow, storePulls } from '@/dev/testing/pull-requests/pull-rows';
import { insertImport } from '@/dev/testing/traces/trace-rows';
import { demo, personWithRole } from '@/e2e/demo';
import { firstLoadBytes, lookEverywhere, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { docsPages, memberPages, pagesOfOne, publicPages } from '@/e2e/pages';
import { signIn } from '@/e2e/sign-in';

// Nothing here changes what another one looks at.
test.describe.configure({ mode: 'parallel' });

/** For one page with its looks on a machine that is busy: a limit for all together would shrink with each new page. */
const pageMs = 40_000;

const fileName = (path: string) => path.replaceAll('/', '_').replace(/^_$/, '_overview');

test('public pages pass at both widths in both themes', async ({ page }) => {
  test.setTimeout(publicPages.length * pageMs);
  const violations = policyViolations(page);
  for (const path of publicPages) {
    await page.goto(path);
    await lookEverywhere(page, `public${fileName(path)}`);
  }
  expect(violations).toEqual([]);
});

test('every page of the documentation passes, and is no heavier than 150,000 bytes of HTML', async ({ page }) => {
  const paths = await docsPages(page);
  test.setTimeout(paths.length * pageMs);
  expect(paths.length).toBeGreaterThan(12);
  const violations = policyViolations(page);
  for (const path of paths) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    expect((await answer?.body())?.length, path).toBeLessThanOrEqual(150_000);
    await lookTwice(page, `public${fileName(path)}`);
  }
  expect(violations).toEqual([]);
});

// What a viewer sees is part of what an owner sees, so that two of the four looks say enough.
for (const [role, look] of [
  ['OWNER', lookEverywhere],
  ['VIEWER', lookTwice],
] as const) {
  test(`all pages pass for a ${role}`, async ({ page }) => {
    test.setTimeout(memberPages().length * pageMs);
    await signIn(page, personWithRole(role));
    const violations = policyViolations(page);
    for (const path of memberPages()) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBeLessThan(role === 'OWNER' ? 400 : 404);
      await look(page, `${role.toLowerCase()}${fileName(path)}`);
    }
    expect(violations).toEqual([]);
  });
}

/** Calls the portal's own API as the visitor of `page`. */
async function callApi<Answer>(page: Page, path: string, data?: object): Promise<Answer> {
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.fetch(path, data ? { method: 'POST', data, headers } : { headers });
  expect(answer.ok(), path).toBe(true);
  return (await answer.json()) as Answer;
}

/** A run that goes on. */
async function startedRun(key: string): Promise<string> {
  const response = await fetch(`${demo().dataPlane}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ pipeline_id: 'looked_at', trigger_type: 'api', trigger_by: 'e2e', parameters: { day: 1 } }),
  });
  return ((await response.json()) as { pipeline_logging_id: string }).pipeline_logging_id;
}

/** A thing for each page of one, such that the page has its form: by the longest beginning of the path that is here. */
async function thingsOf(page: Page, organization: Organization): Promise<Record<string, string>> {
  type Key = { api_key_id: string };
  const name = `looked-at-${Date.now().toString(36)}`;
  const old = await callApi<Key>(page, '/api/keys', { name, scopes: ['quota:read'] });
  const key = await callApi<Key>(page, `/api/keys/${old.api_key_id}/rotate`, { grace_seconds: 3_600 });
  const team = await callApi<{ members: { member_id: string; role: string; status: string }[] }>(page, '/api/team');
  const member = team.members.find(({ role, status }) => role !== 'OWNER' && status === 'ACTIVE');
  const secret = (letter: string) => ({ secret: { kind: 'openai_api_key', api_key: `sk-${letter.repeat(30)}` } });
  const credential = await callApi<{ credential_id: string }>(page, '/api/credentials', { name, ...secret('a') });
  await callApi(page, `/api/credentials/${credential.credential_id}/rotate`, secret('b'));
  const config = await callApi<{ config_id: string }>(page, '/api/providers', {
    name,
    provider: 'OPENAI',
    domain: 'COST',
    schedule_enabled: true,
    schedule_cron: '0 2 * * *',
    schedule_timezone: 'Europe/Berlin',
  });
  const source = await callApi<{ source_id: string }>(page, '/api/sources', { name });
  const price = { model: name, input_usd: 1, output_usd: 2 };
  const { price_id } = await callApi<{ price_id: string }>(page, '/api/traces/prices', price);
  const budget = { scope: 'repository', subject: name, amount_usd: 100 };
  const { budget_id } = await callApi<{ budget_id: string }>(page, '/api/traces/budgets', budget);
  const github = { name: `${name}-github`, secret: { kind: 'github_token', token: `ghp_${'a'.repeat(36)}` } };
  const token = await callApi<{ credential_id: string }>(page, '/api/credentials', github);
  // Long enough that the way to its pages takes two lines on a phone.
  const repo = `acme/${name}-of-a-team-with-a-long-name`;
  const { repository_id } = await callApi<{ repository_id: string }>(page, '/api/pull-requests/repositories', {
    repo,
    credential_id: token.credential_id,
  });
  const repository = { customerId: organization.customerId, repositoryId: repository_id, repoSlug: repo };
  const asked = { sql: 'SELECT pipeline_id, status, parameters FROM pipeline_runs' };
  const { query_id } = await callApi<{ query_id: string }>(page, '/api/desk/queries', asked);
  const keptQuery = { query_name: name, ...asked };
  const { saved_query_id } = await callApi<{ saved_query_id: string }>(page, '/api/desk/saved', keptQuery);
  const pull = pullRow(repository, { createdAt: new Date(), title: 'A title '.repeat(20) });
  await storePulls([pull]);
  await insertCommits([commitRow(repository, { timestamp: new Date() })], { pull });
  return {
    '/pull-requests/[id]': String(pull.id),
    '/pull-requests/repositories/[id]': repository_id,
    '/desk/queries/[id]': query_id,
    '/desk/saved/[id]': saved_query_id,
    '/sources/[id]': source.source_id,
    '/traces/imports/[id]': String(await insertImport(organization, { refused: ['{"tokens_in":-1'] })),
    '/traces/budgets/[id]': budget_id,
    '/traces/prices/[id]': price_id,
    '/credentials/[id]': credential.credential_id,
    '/providers/[id]': config.config_id,
    '/runs/[id]': await startedRun(await organization.createKey('runs:write')),
    '/keys/[id]': key.api_key_id,
    '/keys/[id]/end-grace': old.api_key_id,
    '/team/[id]': member?.member_id ?? '',
  };
}

test('all pages of one key, member, run, credential, provider, repository, query and event source pass', async ({
  organization,
  page,
}) => {
  test.setTimeout(pagesOfOne().length * pageMs);
  await signIn(page, organization.person('OWNER'));
  const violations = policyViolations(page);
  const things = await thingsOf(page, organization);
  const beginnings = Object.keys(things).sort((a, b) => b.length - a.length);
  expect(pagesOfOne().length).toBeGreaterThan(7);
  for (const pattern of pagesOfOne()) {
    const id = things[beginnings.find(beginning => pattern.startsWith(beginning)) ?? ''];
    expect(id, `${pattern} needs a thing of its kind`).toBeTruthy();
    const path = pattern.replace('[id]', id ?? '');
    expect((await page.goto(path))?.status(), path).toBe(200);
    // A page that has nothing to do for the thing sends its visitor elsewhere.
    expect(new URL(page.url()).pathname).toBe(path);
    await lookTwice(page, `one${fileName(pattern.replace('[id]', 'id'))}`);
  }
  expect(violations).toEqual([]);
});

test('a page that is not there and one that is refused show the id of their request', async ({ page }) => {
  await signIn(page, personWithRole('VIEWER'));
  for (const path of ['/no-such-page', '/keys/key_unknown', '/keys/new']) {
    const answer = await page.goto(path);
    const shown = await page
      .getByText(/^Request id/)
      .locator('code')
      .textContent();
    expect(shown, path).toBe(answer?.headers()['x-request-id']);
  }
});

test('no page loads more than 150,000 bytes of scripts first', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'));
  for (const path of [...publicPages, ...memberPages()]) {
    expect(await firstLoadBytes(page, path), path).toBeLessThanOrEqual(150_000);
  }
});
