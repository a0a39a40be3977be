/** What AI cost by pull request: which requests belong to which, in the list, in the totals and on one pull request alike. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  commitRow,
  insertCommits,
  insertPulls,
  insertRepository,
  pullRow,
} from '@/dev/testing/pull-requests/pull-rows';
import { insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { confirmIdentity, rejectIdentity } from '@/lib/domains/pull-requests/people/identities';
import type { PullRequest, Repository } from '@/lib/domains/pull-requests/tables';
import { correlatedCsv, correlateInput, correlateUsage } from '@/lib/domains/pull-requests/usage/correlate-usage';
import {
  countCost,
  countCostInput,
  type ListedPull,
  listPullRequests,
  listPullRequestsInput,
  pullRequestsCsv,
} from '@/lib/domains/pull-requests/usage/list-pull-requests';
import { listPullSessions } from '@/lib/domains/pull-requests/usage/pull-sessions';
import { readPullRequest } from '@/lib/domains/pull-requests/usage/read-pull-request';
import { addDays, utcDay } from '@/lib/platform/clock';

const today = utcDay(new Date());
/** Milliseconds after the start of a day; today only the first moments are sure to have passed. */
const at = (daysAgo: number, ms = 0) => new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + ms);
const lines = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('').trim().split('\r\n');
const noon = 12 * 3_600_000;
const request = (daysAgo: number, session: string, change: Parameters<typeof requestRow>[0] | object = {}) =>
  requestRow({ at: at(daysAgo, noon), session_id: session, book_cost_usd: 0.5, cost_usd: 0.25, ...change });

let world: World;
let shop: Repository;
const pulls: Record<string, PullRequest> = {};

beforeAll(async () => {
  world = await createWorld();
  shop = await insertRepository(world, { repoSlug: 'Acme/Shop', names: ['acme/store', 'acme/shop'] });
  const other = await insertRepository(world, { repoSlug: 'acme/api' });
  const add = (name: string, of: Repository, change: Partial<PullRequest> & { createdAt: Date }) => {
    pulls[name] = pullRow(of, { title: `The ${name}`, ...change });
  };
  add('mapped', shop, { id: 11, author: 'Mia-Octo', createdAt: at(10, noon), mergedAt: at(8), branch: 'feature/mia' });
  add('named', shop, { id: 12, author: 'JoLind', createdAt: at(10), mergedAt: at(9) });
  add('stranger', shop, { id: 13, author: 'stranger', createdAt: at(10), mergedAt: at(8) });
  add('elsewhere', other, { id: 14, author: 'mia-octo', createdAt: at(10), mergedAt: at(8) });
  add('first', shop, { id: 15, author: null, createdAt: at(20), mergedAt: at(18, noon), branch: 'release' });
  add('second', shop, { id: 16, author: 'nobody', createdAt: at(18, noon), closedAt: at(16), branch: 'release' });
  add('open', shop, { id: 17, author: 'mia-octo', createdAt: at(3), updatedAt: at(2), coAuthors: ['Claude <a@b.c>'] });
  add('fork', shop, { id: 18, author: 'forker', createdAt: at(12), mergedAt: at(6), branch: 'main' });
  await insertPulls(world, Object.values(pulls));
  await insertTraces(world, [
    request(9, 'mia-in-time', { developer_id: 'mia@example.com', repo_slug: 'acme/shop' }),
    request(10, 'mia-first-day', { developer_id: 'mia@example.com', repo_slug: 'acme/shop' }),
    request(8, 'mia-last-day', { developer_id: 'mia@example.com', repo_slug: 'ACME/Store', book_cost_usd: null }),
    request(7, 'mia-late', { developer_id: 'mia@example.com', repo_slug: 'acme/shop' }),
    request(15, 'mia-branch', { developer_id: 'someone', repo_slug: 'acme/shop', branch: 'feature/mia' }),
    request(9, 'mia-branch', { developer_id: 'mia@example.com', repo_slug: 'acme/shop', branch: 'feature/mia' }),
    request(10, 'jo', { developer_id: 'jolind', repo_slug: 'acme/shop' }),
    request(9, 'mia-elsewhere', { developer_id: 'mia@example.com', repo_slug: 'acme/unknown' }),
    request(9, 'stranger', { developer_id: 'stranger@example.com', repo_slug: 'acme/shop' }),
    request(19, 'release-1', { developer_id: null, repo_slug: 'acme/shop', branch: 'release' }),
    request(17, 'release-2', { developer_id: null, repo_slug: 'acme/shop', branch: 'release' }),
    request(9, 'on-main', { developer_id: 'x', repo_slug: 'acme/shop', branch: 'main' }),
    requestRow({ at: at(0, 1), session_id: 'mia-today', book_cost_usd: 0.5, cost_usd: 0.25 }),
    // As the document's query counts them: named as the author, wherever.
    request(10, 'doc-a', { developer_id: 'stranger', repo_slug: null, cost_usd: 2 }),
    request(8, 'doc-b', { developer_id: 'stranger', repo_slug: 'acme/any', cost_usd: 1 }),
    request(8, 'doc-b', { developer_id: 'stranger', repo_slug: 'acme/any', cost_usd: 1 }),
    request(7, 'doc-c', { developer_id: 'stranger', repo_slug: 'acme/any', cost_usd: 9 }),
  ]);
  await confirmIdentity(world.as('ADMIN'), { developer_id: 'mia@example.com', login: 'mia-octo' });
});

const list = (asked: object = {}, of = world) => listPullRequests(of.as('VIEWER'), listPullRequestsInput.parse(asked));
const total = async (asked: object = {}, of = world) =>
  (await countCost(of.as('VIEWER'), countCostInput.parse(asked))).cost;
const byTitle = (rows: ListedPull[]) => Object.fromEntries(rows.map(row => [row.title?.slice(4), row]));
const sessionsOf = async (name: string) => {
  const { sessions } = await listPullSessions(world.as('VIEWER'), String(pulls[name]?.id), {});
  return Object.fromEntries(sessions.map(({ session_id, evidence }) => [session_id, evidence.join('+')]));
};

describe('a request belongs to a pull request', () => {
  test('where its developer was said to be the author, from the day it was opened to the day it was merged', async () => {
    expect(await sessionsOf('mapped')).toEqual({
      'mia-first-day': 'time',
      'mia-in-time': 'time',
      'mia-last-day': 'time',
      'mia-branch': 'branch+time',
    });
    const { mapped } = byTitle((await list()).pulls);
    expect(mapped).toMatchObject({ sessions: 4, requests: 5, sessions_by_branch: 1, sessions_by_time: 4, unpriced: 1 });
    expect(mapped).toMatchObject({ book_cost_usd: 2, cost_usd: 1.25, total_tokens: 6_000 });
  });

  test('where the developer is named as the author is, however it is spelled', async () => {
    expect(await sessionsOf('named')).toEqual({ jo: 'time' });
  });

  test('not where nobody said who the developer is, nor of another repository', async () => {
    expect(await sessionsOf('stranger')).toEqual({});
    expect(await sessionsOf('elsewhere')).toEqual({});
    const { stranger, elsewhere } = byTitle((await list()).pulls);
    expect(stranger).toMatchObject({ sessions: 0, requests: 0, book_cost_usd: 0, cost_usd: 0 });
    expect(elsewhere).toMatchObject({ sessions: 0, repo_slug: 'acme/api' });
  });

  test('on its branch since the one before it on that branch has ended', async () => {
    expect(await sessionsOf('first')).toEqual({ 'release-1': 'branch' });
    expect(await sessionsOf('second')).toEqual({ 'release-2': 'branch' });
  });

  test('not by a branch that is called as the one it goes to', async () => {
    expect(await sessionsOf('fork')).toEqual({});
  });

  test('up to today while it is open', async () => {
    expect(await sessionsOf('open')).toEqual({ 'mia-today': 'time' });
  });
});

describe('the list', () => {
  test('has the dearest first, or the last changed, and page by page none is missing or comes twice', async () => {
    for (const sort of ['cost', 'updated']) {
      const all = (await list({ sort })).pulls;
      expect(all).toHaveLength(8);
      const keys = all.map(pull => (sort === 'cost' ? pull.book_cost_usd : pull.updated_at.getTime()));
      expect(keys).toEqual(keys.toSorted((one, other) => other - one));
      const seen: ListedPull[] = [];
      for (let after: string | undefined; ; ) {
        const page = await list({ sort, limit: 5, ...(after ? { after } : {}) });
        seen.push(...page.pulls);
        if (page.nextCursor === null) break;
        after = page.nextCursor;
      }
      expect(seen).toEqual(all);
    }
  });

  test('is narrowed by state, repository in any of its names, author, title, number and days', async () => {
    const titles = async (asked: object) => Object.keys(byTitle((await list(asked)).pulls)).sort();
    expect(await titles({ state: 'closed' })).toEqual(['second']);
    expect(await titles({ repository: 'ACME/store' })).toHaveLength(7);
    expect(await titles({ author: 'MIA-octo', repository: 'acme/api' })).toEqual(['elsewhere']);
    expect(await titles({ author: '(none)' })).toEqual(['first']);
    expect(await titles({ q: 'the MAP' })).toEqual(['mapped']);
    expect(await titles({ q: '#12' })).toEqual(['named']);
    expect(await titles({ q: "%' OR '1'='1" })).toEqual([]);
    expect(await titles({ from: addDays(today, -9), to: addDays(today, -9) })).toEqual(['named']);
    expect(await titles({ from: addDays(today, -2), to: addDays(today, -2) })).toEqual(['open']);
  });

  test('the file holds what the list holds', async () => {
    const rows = await lines(pullRequestsCsv(world.system, listPullRequestsInput.parse({})));
    expect(rows).toHaveLength(9);
    expect(rows[0]).toMatch(/^repo_slug,number,title,/);
    expect(rows[1]).toContain('The mapped');
  });

  test('the totals count the merged ones and, of them, those with AI', async () => {
    expect(await total()).toMatchObject({ pulls: 8, merged: 6, pulls_with_ai: 5, merged_with_ai: 3 });
    expect(await total()).toMatchObject({ merged_book_cost_usd: 3, merged_unpriced: 1, merged_requests: 7 });
    expect(await total({ state: 'open' })).toMatchObject({ merged: 0, merged_book_cost_usd: 0, requests: 1 });
    expect(await total({ q: 'no such title' })).toMatchObject({ pulls: 0, requests: 0, merged_cost_usd: 0 });
  });

  test('a stranger sees nothing of it', async () => {
    const stranger = await createWorld();
    expect((await list({}, stranger)).pulls).toEqual([]);
    expect(await total({}, stranger)).toMatchObject({ pulls: 0, requests: 0 });
    const id = String(pulls.mapped?.id);
    const notThere = { code: 'not_found' };
    await expect(listPullSessions(stranger.as('OWNER'), id, {})).rejects.toMatchObject(notThere);
    await expect(readPullRequest(stranger.as('OWNER'), {}, id)).rejects.toMatchObject(notThere);
    await expect(readPullRequest(stranger.as('OWNER'), {}, '1e3')).rejects.toMatchObject(notThere);
  });
});

test('the document’s query counts sessions of developers named as the author, and keeps a pull request without any', async () => {
  const { rows } = await correlateUsage(world.as('VIEWER'), correlateInput.parse({}));
  expect(rows[0]).toMatchObject({ number: 13, author: 'stranger', ai_sessions: 2, tokens_used: 3_600, cost: 4 });
  expect(rows).toHaveLength(6);
  expect(rows.slice(1).map(row => [row.ai_sessions, row.tokens_used, row.cost])).toEqual(
    Array(5).fill([0, null, null]),
  );
  const [head, first] = await lines(correlatedCsv(rows));
  expect(head).toBe('number,title,author,ai_sessions,tokens_used,cost,repo_slug');
  expect(first).toBe('13,The stranger,stranger,2,3600,4,Acme/Shop');
});

test('a pull request comes with its commits; one that a force-push took away says so', async () => {
  const pull = pulls.mapped as PullRequest;
  const commit = (title: string, hours: number) => commitRow(shop, { title, timestamp: at(9, hours * 3_600_000) });
  await insertCommits([commit('one', 1), commit('two', 2)], { pull });
  await insertCommits([commit('gone', 0)], { pull, droppedAt: at(9, noon) });
  const read = await readPullRequest(world.as('VIEWER'), {}, String(pull.id));
  expect(read).toMatchObject({ number: 11, author: 'Mia-Octo', repo_slug: 'Acme/Shop', has_details: true });
  expect(read.commits.map(({ title, dropped_at }) => [title, dropped_at])).toEqual([
    ['one', null],
    ['two', null],
    ['gone', at(9, noon)],
  ]);
});

test('a session of two pull requests stands with both, and the totals count it once and say so', async () => {
  const own = await createWorld();
  const repository = await insertRepository(own);
  const pull = (id: number) => pullRow(repository, { id, createdAt: at(5), mergedAt: at(4) });
  await insertPulls(own, [pull(1), pull(2)]);
  await insertTraces(own, [request(5, 'both', { developer_id: 'octo' })]);
  expect((await list({}, own)).pulls.map(({ sessions, book_cost_usd }) => [sessions, book_cost_usd])).toEqual([
    [1, 0.5],
    [1, 0.5],
  ]);
  expect(await total({}, own)).toMatchObject({ merged_with_ai: 2, requests: 1, shared_requests: 1, sessions: 1 });
  expect(await total({}, own)).toMatchObject({ merged_book_cost_usd: 0.5 });
  await rejectIdentity(own.as('ADMIN'), { developer_id: 'octo' });
  expect(await total({}, own)).toMatchObject({ merged_with_ai: 0, requests: 0 });
});
