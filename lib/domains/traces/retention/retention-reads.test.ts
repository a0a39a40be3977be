/** What people see of days that are kept no longer: the same totals as before, and beforehand how much will go. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { listModels, modelsInput } from '@/lib/domains/traces/models/models';
import { countOlder } from '@/lib/domains/traces/retention/count-older';
import { expireTraces } from '@/lib/domains/traces/retention/expire-traces';
import { firstKeptDay, keepsFewer } from '@/lib/domains/traces/retention/retention-days';
import { setRetention } from '@/lib/domains/traces/retention/set-retention';
import { listSessions, listSessionsInput } from '@/lib/domains/traces/sessions/list-sessions';
import { readUsage, usageInput } from '@/lib/domains/traces/usage/usage';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { addDays, utcDay } from '@/lib/platform/clock';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

const now = new Date();
const today = utcDay(now);
const at = (daysAgo: number, second = 0) =>
  new Date(Date.parse(`${addDays(today, -daysAgo)}T12:00:00Z`) + second * 1_000);

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const opus = { model: 'anthropic/claude-3-opus', provider: 'anthropic', developer_id: 'jo@example.com' };
  await insertTraces(world, [
    requestRow({ at: at(2), session_id: 'new', book_cost_usd: 0.25 }),
    requestRow({ at: at(30), session_id: 'edge', book_cost_usd: 0.5, accepted_flag: 1 }),
    requestRow({ at: at(31), session_id: 'old', book_cost_usd: 1, cache_read_tokens: 100 }),
    requestRow({ at: at(31, 1), session_id: 'old', book_cost_usd: null, price_id: null, status_code: 500 }),
    requestRow({ at: at(80), session_id: 'older', book_cost_usd: 4, ...opus }),
  ]);
});
afterAll(() =>
  bigqueryRequest(bigquery(), {
    method: 'DELETE',
    uri: `/datasets/${world.tenantDatasetId}`,
    qs: { deleteContents: true },
  }),
);

test('before a shorter retention it is counted how many requests of which days would go', async () => {
  const count = (days: number) => countOlder(world.as('ADMIN'), days);
  expect(await count(30)).toEqual({ requests: 3, firstDay: addDays(today, -80), lastDay: addDays(today, -31) });
  expect(await count(31)).toMatchObject({ requests: 1 });
  expect(await count(80)).toBeNull();
  const stranger = await createWorld();
  expect(await countOlder(stranger.as('ADMIN'), 30)).toBeNull();
});

test('usage and models of a period are the same after its rows are gone; only sessions of later days are listed', async () => {
  const viewer = world.as('VIEWER');
  const usage = async () => {
    const { total, names, byDay, series } = await readUsage(viewer, usageInput.parse({ days: 90, by: 'developer' }));
    return { total, names, byDay, series };
  };
  const models = async () => {
    const { rows } = await listModels(viewer, modelsInput.parse({ days: 90 }));
    return rows.map(({ p50_ms: _p50, p95_ms: _p95, ...row }) => row);
  };
  const seen = async () => ({ usage: await usage(), models: await models() });
  const sessions = async () =>
    (await listSessions(viewer, listSessionsInput.parse({ days: 90 }))).sessions.map(row => row.session_id);
  const before = await seen();
  expect(before.usage.total).toMatchObject({ requests: 5, sessions: 4, failed: 1, accepted: 1, unpriced: 1 });
  expect(await sessions()).toEqual(['new', 'edge', 'old', 'older']);
  await setRetention(world.as('ADMIN'), { keep_days: 30 });
  expect(await expireTraces({ clock: () => now, customerId: world.customerId })).toMatchObject({ rows: 3, failed: 0 });
  clearQueryCache();
  expect(await seen()).toEqual(before);
  expect(await sessions()).toEqual(['new', 'edge']);
});

test('fewer days than before are fewer, and any number is fewer than for ever', () => {
  expect(keepsFewer(30, null)).toBe(true);
  expect(keepsFewer(30, 90)).toBe(true);
  expect([keepsFewer(90, 90), keepsFewer(91, 90), keepsFewer(null, 90), keepsFewer(null, null)]).not.toContain(true);
  expect(firstKeptDay(30, new Date('2026-03-31T23:59:59Z'))).toBe('2026-03-01');
});
