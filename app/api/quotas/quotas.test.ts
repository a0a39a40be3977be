/** The JSON and CSV of use by day as a key calls them. */
import { beforeAll, expect, test } from 'vitest';
import { GET } from '@/app/api/quotas/route';
import { customerKey } from '@/dev/testing/data-plane';
import { runInput } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { addDays, utcDay } from '@/lib/platform/clock';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const call = async (query: string, key?: string) => {
  const headers = key ? { authorization: `Bearer ${key}` } : undefined;
  const response = await GET(new Request(`http://127.0.0.1/api/quotas${query}`, { headers }), {
    // As Next calls a route whose address holds no id.
    params: Promise.resolve(undefined),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world, ['quota:read'])).text;
  const { run } = await startRun(world.system, runInput());
  await completeRun(world.system, { status: 'FAILED', error_message: 'boom' }, run.pipelineLoggingId);
  await startRun(world.system, runInput());
  await flushOnce(relayDeps(), { mirrors: ['customers.customer_usage_quotas'] });
});

test('30 days by default, oldest first; a day nobody measured is null', async () => {
  const { status, text } = await call('', key);
  const { data } = JSON.parse(text) as { data: { day: string; use: object | null }[] };
  expect(status).toBe(200);
  expect(data).toHaveLength(30);
  expect(data.at(-1)).toMatchObject({ day: utcDay(new Date()), use: { runs: 2, failed: 1, running: 1, limit: 6 } });
  expect(data[0]?.use).toBeNull();
});

test('the CSV holds the same days, an empty cell where nobody measured', async () => {
  const { status, headers, text } = await call('?days=7&format=csv', key);
  const lines = text.trim().split('\r\n');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="usage-[\d-]{10}-7-days\.csv"$/);
  expect(lines[0]).toBe('usage_date,runs,succeeded,failed,cancelled,refused,daily_limit,most_at_once');
  expect(lines).toHaveLength(8);
  expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\d,{7}$/);
  expect(lines.at(-1)).toBe(`${utcDay(new Date())},2,0,1,0,0,6,1`);
});

test('a range of days is as asked for, in the file too', async () => {
  const today = utcDay(new Date());
  const query = `?from=${addDays(today, -2)}&to=${addDays(today, -1)}`;
  const { data } = JSON.parse((await call(query, key)).text) as { data: { day: string; use: object | null }[] };
  expect(data).toEqual([-2, -1].map(ago => ({ day: addDays(today, ago), isToday: false, use: null })));
  const { text, headers } = await call(`${query}&format=csv`, key);
  expect(text.trim().split('\r\n')).toHaveLength(3);
  expect(headers.get('content-disposition')).toContain(`usage-${addDays(today, -2)}-to-${addDays(today, -1)}.csv`);
});

test.each([
  ['a day that does not exist', '?from=2026-02-30', 400],
  ['days the wrong way round', '?from=2026-02-03&to=2026-02-02', 400],
  ['a day that has not come', '?to=9000-01-01', 400],
  ['more than 366 days', '?from=2020-01-01', 400],
  ['a period that is not offered', '?days=31', 400],
  ['an unknown format', '?format=xlsx', 400],
  ['a customer of one’s own choice', '?customer_id=cus_x', 400],
  ['a parameter given twice', '?days=7&days=30', 400],
])('%s is refused', async (_, query, status) => {
  expect((await call(query, key)).status).toBe(status);
});

test('nobody reads it without a session or key, nor with a key that lacks the scope', async () => {
  expect((await call('')).status).toBe(401);
  const other = await customerKey(world, ['keys:read']);
  expect((await call('', other.text)).status).toBe(403);
});
