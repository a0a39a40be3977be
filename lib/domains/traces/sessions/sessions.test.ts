import { beforeAll, describe, expect, test } from 'vitest';
import { insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { listModels, modelsCsv, modelsInput } from '@/lib/domains/traces/models/models';
import {
  costlyCsv,
  costlyInput,
  developersCsv,
  developersInput,
  listCostly,
  listDevelopers,
} from '@/lib/domains/traces/sessions/document-lists';
import {
  type ListedSession,
  listSessions,
  listSessionsInput,
  sessionsCsv,
} from '@/lib/domains/traces/sessions/list-sessions';
import { listSessionRequests, sessionInput } from '@/lib/domains/traces/sessions/session-requests';
import { addDays, utcDay } from '@/lib/platform/clock';

const today = utcDay(new Date());
const at = (daysAgo: number, ms = 0) => new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + ms);
const lines = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('').trim().split('\r\n');

// The document's examples: $0.01 is not beyond the limit, $0.0101 is.
const limitRow = requestRow({ at: at(3), session_id: 'limit', cost_usd: 0.01, repo_slug: 'myorg/myrepo' });
const beyondRow = requestRow({ at: at(3, 1), session_id: 'beyond', cost_usd: 0.0101, repo_slug: 'myorg/myrepo' });
const alone = requestRow({ at: at(1), session_id: null, developer_id: null, trace_id: 'trace-9', cost_usd: 0.002 });

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await insertTraces(world, [
    limitRow,
    beyondRow,
    alone,
    requestRow({ at: at(0, 5_000), developer_id: 'jo@example.com', cost_usd: 0.5, latency_ms: 100 }),
    requestRow({ at: at(0, 1_000), cost_usd: 0.001, latency_ms: 300, cache_read_tokens: 250 }),
    requestRow({ at: at(0, 3_000), model: 'local/llama', status_code: 429, book_cost_usd: null, cost_usd: 0 }),
    requestRow({ at: at(200), session_id: 'long-ago', cost_usd: 7 }),
  ]);
});

describe('sessions', () => {
  const list = async (asked: object = {}) => listSessions(world.as('VIEWER'), listSessionsInput.parse(asked));
  const keys = (sessions: ListedSession[]) => sessions.map(({ session_key }) => session_key);

  test('come with the last active first; a request without a session stands alone', async () => {
    const { sessions, nextCursor, state } = await list();
    expect(state).toBe('current');
    expect(keys(sessions)).toEqual(['session-1', alone.trace_hash, 'beyond', 'limit']);
    expect(sessions[0]).toMatchObject({ requests: 3, failed: 1, developers: 2, models: 2, unpriced: 1 });
    expect(sessions[0]).toMatchObject({ first_at: at(0, 1_000), last_at: at(0, 5_000), total_tokens: 3_600 });
    expect(sessions[1]).toMatchObject({ session_id: null, developer_id: null, requests: 1 });
    expect(nextCursor).toBeNull();
  });

  test('page by page none is missing and none comes twice', async () => {
    const seen: ListedSession[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 1, ...(after ? { after } : {}) });
      seen.push(...page.sessions);
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(seen).toEqual((await list()).sessions);
  });

  test('are found by the beginning of their id, by a trace id and by a hash, and narrowed by names and days', async () => {
    expect(keys((await list({ q: 'sess' })).sessions)).toEqual(['session-1']);
    expect(keys((await list({ q: 'trace-9' })).sessions)).toEqual([alone.trace_hash]);
    expect(keys((await list({ q: limitRow.trace_hash })).sessions)).toEqual(['limit']);
    expect(keys((await list({ q: "%' OR '1'='1" })).sessions)).toEqual([]);
    expect(keys((await list({ developer: '(none)' })).sessions)).toEqual([alone.trace_hash]);
    expect((await list({ model: 'local/llama' })).sessions).toMatchObject([{ requests: 1, failed: 1 }]);
    expect(keys((await list({ from: addDays(today, -200), to: addDays(today, -200) })).sessions)).toEqual(['long-ago']);
  });

  test('the file holds what the list holds', async () => {
    const rows = await lines(sessionsCsv(world.system, listSessionsInput.parse({})));
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatch(/^session_id,first_request,/);
    expect(rows[1]).toContain('session-1');
  });

  test('the requests of one come in the order of time, of one customer alone', async () => {
    const ask = (world: World, id: string) =>
      listSessionRequests(world.as('VIEWER'), sessionInput.parse({ id, day: today }));
    const { requests, nextCursor } = await ask(world, 'session-1');
    expect(requests.map(({ timestamp, failed }) => [timestamp, failed])).toEqual([
      [at(0, 1_000), false],
      [at(0, 3_000), true],
      [at(0, 5_000), false],
    ]);
    expect(nextCursor).toBeNull();
    expect((await ask(world, alone.trace_hash)).requests).toMatchObject([{ trace_id: 'trace-9', session_id: null }]);
    expect((await ask(await createWorld(), 'session-1')).requests).toEqual([]);
  });
});

describe('the lists of the document', () => {
  test('Sessions by Date Range adds up each developer, both days included, highest cost first', async () => {
    const ask = async (asked: object) => (await listDevelopers(world.as('VIEWER'), developersInput.parse(asked))).rows;
    const days = { from: addDays(today, -3), to: today };
    const rows = await ask(days);
    expect(rows.map(row => [row.developer_id, row.session_count, row.total_tokens])).toEqual([
      ['jo@example.com', 1, 1_200],
      ['mia@example.com', 4, 4_800],
      [null, 1, 1_200],
    ]);
    expect(rows.map(row => Number(row.total_cost.toFixed(6)))).toEqual([0.5, 0.0211, 0.002]);
    const ofRepo = await ask({ ...days, repository: 'myorg/myrepo' });
    expect(ofRepo).toMatchObject([{ developer_id: 'mia@example.com', session_count: 2, total_tokens: 2_400 }]);
    expect(await ask({ from: addDays(today, -2), to: today, repository: 'myorg/myrepo' })).toEqual([]);
    expect(await lines(developersCsv(ofRepo))).toHaveLength(2);
  });

  test('Find High-Cost Sessions leaves out $0.01, lists $0.0101, highest first and at most 20', async () => {
    const ask = async (of: World, asked: object = {}) =>
      (await listCostly(of.as('VIEWER'), costlyInput.parse(asked))).rows;
    expect((await ask(world)).map(row => [row.session_id, row.cost_usd])).toEqual([
      ['session-1', 0.5],
      ['beyond', 0.0101],
    ]);
    const all = await ask(world, { from: addDays(today, -300) });
    expect(all[0]).toMatchObject({ session_id: 'long-ago', cost_usd: 7, total_tokens: 1_200 });
    expect((await lines(costlyCsv(all)))[0]).toBe('session_id,developer_id,model,total_tokens,cost_usd,timestamp');
    const busy = await createWorld();
    await insertTraces(
      busy,
      Array.from({ length: 25 }, (_, index) => requestRow({ at: at(0, index), cost_usd: 1 + index })),
    );
    const costs = (await ask(busy)).map(({ cost_usd }) => cost_usd);
    expect(costs).toEqual(Array.from({ length: 20 }, (_, index) => 25 - index));
  });
});

test('models show requests, cache, failures, what has no price, and the latency of those that succeeded', async () => {
  const { rows } = await listModels(world.as('VIEWER'), modelsInput.parse({ from: today, to: today }));
  expect(rows).toMatchObject([
    { model: 'openai/gpt-4o', provider: 'openai', requests: 2, failed: 0, unpriced: 0, cache_read_tokens: 250 },
    { model: 'local/llama', requests: 1, failed: 1, unpriced: 1, p50_ms: null, p95_ms: null },
  ]);
  expect(rows[0]?.p50_ms).toBeGreaterThanOrEqual(100);
  expect(rows[0]?.p95_ms).toBeLessThanOrEqual(300);
  expect(await lines(modelsCsv(rows))).toHaveLength(3);
});
