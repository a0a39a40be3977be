/** The life of a run over HTTP: quota, leases, idempotency, history, and service keys that name the customer. */
import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey, type Sent, serviceKey, type TestKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { runs, stepLogs } from '@/lib/domains/runs/tables';
import { app } from '@/lib/edge/v1/app';
import { auditDenials, auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const run = { pipeline_id: 'daily_costs', trigger_type: 'scheduler', trigger_by: 'cron' };
let world: World;
let key: TestKey;

const post = (path: string, json: object, more: Sent = {}) =>
  call(path, { method: 'POST', key: key.text, json, ...more });
const openWorld = async (daily: number, concurrent: number): Promise<World> => {
  const made = await createWorld();
  await applyLimits(db(), made.customerId, { dailyLimit: daily, concurrentLimit: concurrent });
  return made;
};

beforeAll(async () => {
  world = await openWorld(1_000, 1_000);
  key = await customerKey(world);
});

test('a STARTER customer starts 6 runs a day, 3 at once; refusals say which limit and when to ask again', async () => {
  const starter = await createWorld();
  const own = await customerKey(starter);
  const start = () => post('/v1/runs', run, { key: own.text });
  const first = [await start(), await start(), await start()];
  expect(first.map(answer => answer.status)).toEqual([201, 201, 201]);
  const fourth = await start();
  expect([fourth.status, fourth.json.code]).toEqual([429, 'concurrency_exceeded']);
  expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(0);
  for (const { json } of first) {
    const ended = await post(
      `/v1/runs/${json.pipeline_logging_id}/complete`,
      { status: 'COMPLETED' },
      { key: own.text },
    );
    expect(ended.json).toMatchObject({ status: 'COMPLETED' });
  }
  expect([await start(), await start(), await start()].map(answer => answer.status)).toEqual([201, 201, 201]);
  const seventh = await start();
  expect(seventh.json).toMatchObject({ status: 429, code: 'quota_exceeded', runs_today: 6, daily_limit: 6 });
  const toMidnight = 86_400 - ((Date.now() / 1000) % 86_400);
  expect(Math.abs(Number(seventh.headers.get('retry-after')) - toMidnight)).toBeLessThan(5);
  const quota = await call('/v1/quota', { key: own.text });
  expect(quota.json).toMatchObject({
    customer_id: starter.customerId,
    pipelines_run_today: 6,
    daily_limit: 6,
    concurrent_pipelines_running: 3,
    concurrent_limit: 3,
    quota_warning_sent: true,
    quota_exceeded: true,
    runs_allowed: true,
  });
});

test('a started run is there at once, answers heartbeats, ends once', async () => {
  const started = await post('/v1/runs', { ...run, parameters: { day: '2026-11-20' }, lease_seconds: 60 });
  const path = String(started.headers.get('location'));
  expect(path).toBe(`/v1/runs/${started.json.pipeline_logging_id}`);
  expect((await call(path, { key: key.text })).json).toMatchObject({
    status: 'RUNNING',
    parameters: { day: '2026-11-20' },
  });
  const beat = await post(`${path}/heartbeat`, { lease_seconds: 3_600 });
  expect(Date.parse(String(beat.json.lease_expires_at))).toBeGreaterThan(Date.now() + 3_500_000);
  const failed = { status: 'FAILED', error_message: 'out of memory' };
  expect((await post(`${path}/complete`, failed)).json).toMatchObject(failed);
  expect((await post(`${path}/complete`, failed)).status).toBe(200);
  expect((await post(`${path}/complete`, { status: 'COMPLETED' })).json).toMatchObject({
    status: 409,
    code: 'run_finished',
  });
  expect((await post(`${path}/heartbeat`, {})).json).toMatchObject({ status: 409, code: 'run_finished' });
});

test('steps and data-quality results of a run are stored, a wrong one is named by its place', async () => {
  const { json } = await post('/v1/runs', run);
  const path = `/v1/runs/${json.pipeline_logging_id}`;
  const step_logging_id = newUuid();
  const at = new Date().toISOString();
  const step = { step_logging_id, step_name: 's', step_type: 't', step_index: 0, status: 'RUNNING', start_time: at };
  const steps = (more: object) =>
    post(`${path}/steps`, { customer_id: world.customerId, steps: [{ ...step, ...more }] });
  expect((await steps({})).json).toEqual({
    stored: 1,
    failed: 0,
    items: [{ index: 0, id: step_logging_id, status: 200 }],
    cancel_requested: false,
  });
  expect((await steps({ status: 'COMPLETED', end_time: at, rows_processed: 42 })).json).toMatchObject({ stored: 1 });
  const [stored] = await db().select().from(stepLogs).where(eq(stepLogs.stepLoggingId, step_logging_id));
  expect(stored).toMatchObject({ status: 'COMPLETED', rowsProcessed: 42, customerId: world.customerId });
  expect((await steps({ status: 'DONE' })).json).toMatchObject({
    stored: 0,
    failed: 1,
    items: [{ index: 0, status: 400, code: 'invalid_input', errors: [{ path: 'status' }] }],
  });
  const other = String((await post('/v1/runs', run)).json.pipeline_logging_id);
  const taken = await post(`/v1/runs/${other}/steps`, { customer_id: world.customerId, ...step });
  expect(taken.json).toMatchObject({ status: 409, code: 'conflict' });
});

test('a heartbeat needs no body', async () => {
  const { json } = await post('/v1/runs', run);
  const beat = await call(`/v1/runs/${json.pipeline_logging_id}/heartbeat`, { method: 'POST', key: key.text });
  expect(beat.status).toBe(200);
});

test('the same Idempotency-Key 50 times at once starts one run; another body is 422', async () => {
  const headers = { 'idempotency-key': 'nightly-2026-11-21' };
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('/v1/runs', run, { headers })));
  expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([201]));
  expect(new Set(answers.map(answer => answer.json.pipeline_logging_id)).size).toBe(1);
  expect(answers.filter(answer => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(49);
  const other = await post('/v1/runs', { ...run, pipeline_id: 'other' }, { headers });
  expect(other.json).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  const bad = await post('/v1/runs', run, { headers: { 'idempotency-key': 'x'.repeat(256) } });
  expect(bad.json).toMatchObject({ status: 400, errors: [{ path: 'Idempotency-Key' }] });
});

test('a service key starts runs for the customer it names, and must name one that exists', async () => {
  const service = await serviceKey(['runs:any']);
  const start = (more: object) => post('/v1/runs', { ...run, ...more }, { key: service.text });
  const started = await start({ customer_id: world.customerId });
  expect(started.status).toBe(201);
  expect((await start({})).json).toMatchObject({ status: 400, errors: [{ path: 'customer_id' }] });
  expect((await start({ customer_id: 'cus_nobody' })).json).toMatchObject({ status: 404, code: 'not_found' });
  const path = `/v1/runs/${started.json.pipeline_logging_id}`;
  expect((await call(`${path}?customer_id=${world.customerId}`, { key: service.text })).status).toBe(200);
  const other = await createWorld();
  expect((await call(`${path}?customer_id=${other.customerId}`, { key: service.text })).status).toBe(404);
  const [row] = await db()
    .select()
    .from(runs)
    .where(eq(runs.pipelineLoggingId, String(started.json.pipeline_logging_id)));
  expect(row).toMatchObject({ customerId: world.customerId, startedBy: `service:${service.id}` });
});

test('a customer’s key may name its own customer and finds no other', async () => {
  const other = await createWorld();
  expect((await call(`/v1/quota?customer_id=${world.customerId}`, { key: key.text })).status).toBe(200);
  for (const named of [other.customerId, 'cus_nobody', ' ']) {
    const answer = await call(`/v1/quota?customer_id=${encodeURIComponent(named)}`, { key: key.text });
    expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
  }
});

test('pages of runs hold each run once, newest first, and obey the filters', async () => {
  const other = await openWorld(100, 100);
  const own = await customerKey(other);
  const ids: unknown[] = [];
  for (let i = 0; i < 7; i++) {
    const pipeline_id = i % 2 ? 'odd' : 'even';
    ids.unshift((await post('/v1/runs', { ...run, pipeline_id }, { key: own.text })).json.pipeline_logging_id);
  }
  type Page = { data: { pipeline_logging_id: string; pipeline_id: string }[]; next_cursor: string | null };
  const page = async (query: string) => (await call(`/v1/runs?${query}`, { key: own.text })).json as Page;
  const seen: string[] = [];
  let query = 'limit=3';
  for (let pages = 0; pages < 3; pages++) {
    const { data, next_cursor } = await page(query);
    seen.push(...data.map(item => item.pipeline_logging_id));
    expect(next_cursor === null).toBe(pages === 2);
    query = `limit=3&after=${next_cursor}`;
  }
  expect(seen).toEqual(ids);
  expect((await page('pipeline_id=odd')).data.map(item => item.pipeline_id)).toEqual(['odd', 'odd', 'odd']);
  expect((await page('status=COMPLETED')).data).toEqual([]);
  expect((await page('trigger_type=scheduler&from=2020-01-01&to=2020-01-02')).data).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await page(`from=${today}&to=${today}`)).data.length).toBeGreaterThan(0);
});

const badQueries: [query: string, code: string, path: string][] = [
  ['after=nonsense', 'invalid_cursor', 'after'],
  [`after=${Buffer.from('{"startTime":"0000-01-01T00:00:00Z"}').toString('base64url')}`, 'invalid_cursor', 'after'],
  ['limit=0', 'invalid_input', 'limit'],
  ['limit=101', 'invalid_input', 'limit'],
  ['limit=ten', 'invalid_input', 'limit'],
  ['from=2026-02-30', 'invalid_input', 'from'],
  ['to=yesterday', 'invalid_input', 'to'],
  ['status=DONE', 'invalid_input', 'status'],
  ['pipeline_id=a%20b', 'invalid_input', 'pipeline_id'],
];
test.each(badQueries)('GET /v1/runs?%s is %s under %s', async (query, code, path) => {
  const answer = await call(`/v1/runs?${query}`, { key: key.text });
  expect(answer.json).toMatchObject({ status: 400, code, errors: [{ path }] });
});

const badRuns: [change: object, path: string][] = [
  [{ pipeline_id: 'a/b' }, 'pipeline_id'],
  [{ pipeline_id: 'x'.repeat(129) }, 'pipeline_id'],
  [{ trigger_type: 'cron' }, 'trigger_type'],
  [{ trigger_by: '' }, 'trigger_by'],
  [{ trigger_by: 'a\u0000b' }, 'trigger_by'],
  [{ trigger_by: 'half \ud800' }, 'trigger_by'],
  [{ lease_seconds: 9 }, 'lease_seconds'],
  [{ parameters: { deep: { 'na\u0000me': 1 } } }, 'parameters.deep'],
  [{ parameters: [1] }, 'parameters'],
  [{ customer_id: 7 }, 'customer_id'],
];
test.each(badRuns)('POST /v1/runs with %j is refused under %s and starts nothing', async (change, path) => {
  const counted = async () => (await call('/v1/quota', { key: key.text })).json.pipelines_run_today;
  const before = await counted();
  const answer = await post('/v1/runs', { ...run, ...change });
  expect(answer.json).toMatchObject({ status: 400, code: 'invalid_input' });
  expect((answer.json.errors as { path: string }[]).map(error => error.path)).toContain(path);
  expect(await counted()).toBe(before);
});

test('a number too large for any column is refused under its path', async () => {
  const body = JSON.stringify({ ...run, parameters: { budget: 0 } }).replace('"budget":0', '"budget":1e400');
  const headers = { 'content-type': 'application/json' };
  const answer = await call('/v1/runs', { method: 'POST', key: key.text, headers, body });
  expect(answer.json).toMatchObject({ status: 400, errors: [{ path: 'parameters.budget' }] });
});

test('an inactive subscription refuses starts and still lets the customer read', async () => {
  const other = await createWorld();
  await applyLimits(db(), other.customerId, { refusalReason: 'subscription_inactive' });
  const own = await customerKey(other);
  expect((await post('/v1/runs', run, { key: own.text })).json).toMatchObject({
    status: 403,
    code: 'subscription_inactive',
  });
  expect((await call('/v1/quota', { key: own.text })).json).toMatchObject({ runs_allowed: false });
});

test('authenticated calls are counted for the customer; a refused key is not', async () => {
  const other = await createWorld();
  const own = await customerKey(other);
  for (let i = 0; i < 4; i++) await call('/v1/quota', { key: own.text });
  await call('/v1/quota', { key: `${own.text}x` });
  await flushUsage();
  expect((await call('/v1/quota', { key: own.text })).json).toMatchObject({ api_calls_today: 4, api_calls_month: 4 });
});

test('a run’s start and reads are API calls of the month; what it says of itself then is none, however long it lives', async () => {
  const other = await createWorld();
  const own = { key: (await customerKey(other)).text };
  const started = await post('/v1/runs', run, own);
  const path = `/v1/runs/${started.json.pipeline_logging_id}`;
  const now = new Date().toISOString();
  const step = { step_logging_id: newUuid(), step_name: 's', step_type: 't', step_index: 0, status: 'RUNNING' };
  const check = { dq_result_id: newUuid(), target_table: 't', dq_config_id: 'c', executed_at: now };
  const result = { ...check, expectations_passed: 1, expectations_failed: 0, overall_status: 'PASS' };
  const said = [
    ...(await Promise.all(Array.from({ length: 20 }, () => post(`${path}/heartbeat`, {}, own)))),
    await post(`${path}/steps`, { steps: [{ ...step, start_time: now }] }, own),
    await post(`${path}/dq-results`, { dq_results: [result] }, own),
    await post(`${path}/complete`, { status: 'COMPLETED' }, own),
  ];
  expect(new Set(said.map(answer => answer.status))).toEqual(new Set([200]));
  expect((await call(path, own)).status).toBe(200);
  await flushUsage();
  expect((await call('/v1/quota', own)).json).toMatchObject({ api_calls_month: 2 });
});

test('a call without its scope is counted in the audit trail, not one row a call', async () => {
  const other = await createWorld();
  const narrow = await customerKey(other, ['keys:read']);
  for (let i = 0; i < 3; i++) await call('/v1/runs', { key: narrow.text });
  const rows = await db().select().from(auditDenials).where(eq(auditDenials.customerId, other.customerId));
  const settled = await db()
    .select({ n: sql<number>`count(*)::int` })
    .from(auditLog)
    .where(sql`customer_id = ${other.customerId} AND outcome = 'denied'`);
  expect(rows.length + (settled[0]?.n ?? 0)).toBeGreaterThanOrEqual(1);
  expect(rows.length + (settled[0]?.n ?? 0)).toBeLessThanOrEqual(2);
});
