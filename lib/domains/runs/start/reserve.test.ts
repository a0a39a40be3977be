import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { eventsOf, runInput, usageRow } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { startRunInput } from '@/lib/domains/runs/input';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { reserveBatch, type StartedRun, startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db, pool } from '@/lib/platform/db';
import type { AppError } from '@/lib/platform/errors';

type Settled = { granted: StartedRun[]; refused: AppError[] };

async function settle(starts: Promise<StartedRun>[]): Promise<Settled> {
  const results = await Promise.allSettled(starts);
  const granted = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason as AppError] : []));
  return { granted, refused };
}

const many = <Value>(count: number, make: (index: number) => Value) => Array.from({ length: count }, (_, i) => make(i));
const caught = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it was not refused')),
    error => error as AppError,
  );

test('2,000 concurrent starts against a limit of 200 grant exactly 200', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 200, concurrentLimit: 200 });
  const { granted, refused } = await settle(many(2_000, () => startRun(system, runInput())));
  expect(granted).toHaveLength(200);
  expect(new Set(granted.map(({ run }) => run.pipelineLoggingId)).size).toBe(200);
  expect(granted.map(({ quota }) => quota.runsToday).sort((a, b) => a - b)).toEqual(many(200, i => i + 1));
  expect(new Set(refused.map(error => error.code))).toEqual(new Set(['quota_exceeded']));
  const stored = await db().select({ id: runs.pipelineLoggingId }).from(runs).where(sql`customer_id = ${customerId}`);
  expect(stored).toHaveLength(200);
  expect(await usageRow(customerId)).toMatchObject({ runs: 200, running: 200, maxRunning: 200, exceeded: true });
});

test('of 300 concurrent starts no more run at once than the concurrent limit allows', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 1_000, concurrentLimit: 7 });
  const { granted, refused } = await settle(many(300, () => startRun(system, runInput())));
  expect(granted).toHaveLength(7);
  expect(new Set(refused.map(error => error.code))).toEqual(new Set(['concurrency_exceeded']));
  expect(refused[0]?.retryAfterSeconds).toBeGreaterThan(0);
});

test('a limit lowered while 1,500 starts are under way holds from its commit on', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 1_000_000, concurrentLimit: 1_000_000 });
  const starts = many(1_500, () => startRun(system, runInput()));
  const grantedAtCommit = await db().transaction(async tx => {
    await applyLimits(tx, customerId, { dailyLimit: 100 });
    return (await storedCounter(tx, customerId))?.runsToday ?? -1;
  });
  const { granted } = await settle([...starts, ...many(300, () => startRun(system, runInput()))]);
  expect(granted).toHaveLength(Math.max(100, grantedAtCommit));
  for (const { quota } of granted) if (quota.dailyLimit === 100) expect(quota.runsToday).toBeLessThanOrEqual(100);
});

test('starts of many customers in one batch are counted each on its own', async () => {
  const worlds = await Promise.all(many(12, () => createWorld()));
  const { granted } = await settle(worlds.flatMap(world => many(5, () => startRun(world.system, runInput()))));
  expect(granted).toHaveLength(12 * 3);
  for (const { customerId } of worlds) expect(await usageRow(customerId)).toMatchObject({ runs: 3, running: 3 });
});

test('50 starts with one Idempotency-Key at once make one run and give one answer', async () => {
  const { customerId, system } = await createWorld();
  const input = runInput();
  const { granted, refused } = await settle(many(50, () => startRun(system, input, { idempotencyKey: 'k-1' })));
  expect(refused).toEqual([]);
  expect(granted.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const [first] = granted;
  for (const { run, quota } of granted) expect({ run, quota }).toEqual({ run: first?.run, quota: first?.quota });
  expect(await usageRow(customerId)).toMatchObject({ runs: 1, running: 1 });
});

test('an Idempotency-Key with another body is a mismatch, and answers its first run after that run ended', async () => {
  const { system } = await createWorld();
  const first = await startRun(system, runInput(), { idempotencyKey: 'k-2' });
  const other = { ...runInput(), pipeline_id: 'another' };
  expect((await caught(startRun(system, other, { idempotencyKey: 'k-2' }))).code).toBe('idempotency_mismatch');
  await completeRun(system, { status: 'COMPLETED' }, first.run.pipelineLoggingId);
  const again = await startRun(system, runInput(), { idempotencyKey: 'k-2' });
  expect(again).toEqual({ ...first, replayed: true });
});

test('only a granted start is kept for its Idempotency-Key: after a refusal the same key may succeed', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 0 });
  expect((await caught(startRun(system, runInput(), { idempotencyKey: 'k-3' }))).code).toBe('quota_exceeded');
  await applyLimits(db(), customerId, { dailyLimit: 1 });
  expect((await startRun(system, runInput(), { idempotencyKey: 'k-3' })).replayed).toBe(false);
});

test('one customer’s Idempotency-Key says nothing to another customer', async () => {
  const [one, two] = await Promise.all([createWorld(), createWorld()]);
  const first = await startRun(one.system, runInput(), { idempotencyKey: 'shared' });
  const second = await startRun(two.system, runInput(), { idempotencyKey: 'shared' });
  expect(second.run.pipelineLoggingId).not.toBe(first.run.pipelineLoggingId);
  expect(second.replayed).toBe(false);
});

test('an inactive subscription and a suspension refuse every start, and lifting them allows it again', async () => {
  const { customerId, system } = await createWorld();
  for (const refusalReason of ['subscription_inactive', 'customer_suspended'] as const) {
    await applyLimits(db(), customerId, { refusalReason });
    expect(await caught(startRun(system, runInput()))).toMatchObject({ code: refusalReason, status: 403 });
  }
  await applyLimits(db(), customerId, { refusalReason: null });
  expect((await startRun(system, runInput())).quota.runsToday).toBe(1);
});

test('the monthly limit counts runs of the month and says when the next one begins', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { monthlyLimit: 1 });
  await startRun(system, runInput());
  const error = await caught(startRun(system, runInput()));
  expect(error).toMatchObject({ code: 'quota_exceeded', details: { period: 'month', monthly_limit: 1 } });
  expect(error.retryAfterSeconds).toBeLessThanOrEqual(31 * 86_400);
});

test('80 % sets the warning and 100 % the exceeded flag, each queued once', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 6, concurrentLimit: 50 });
  const seen: [boolean, boolean][] = [];
  for (let i = 0; i < 6; i++) {
    const { quota } = await startRun(system, runInput());
    seen.push([quota.warning, quota.exceeded]);
  }
  const [no, warned, full] = [
    [false, false],
    [true, false],
    [true, true],
  ] as [boolean, boolean][];
  expect(seen).toEqual([no, no, no, no, warned, full]);
  expect((await caught(startRun(system, runInput()))).code).toBe('quota_exceeded');
  await applyLimits(db(), customerId, { dailyLimit: 7 });
  expect(await usageRow(customerId)).toMatchObject({ exceeded: false, exceededAt: null, warningSent: true });
  await startRun(system, runInput());
  expect(await eventsOf(customerId)).toEqual([
    { kind: 'exceeded_100', runs: 6, dailyLimit: 6 },
    { kind: 'warning_80', runs: 5, dailyLimit: 6 },
  ]);
});

test('refused starts are counted on the day, and retry comes at the next UTC midnight', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 1 });
  const { refused } = await settle(many(9, () => startRun(system, runInput())));
  expect(refused).toHaveLength(8);
  const toMidnight = 86_400 - Math.floor((Date.now() / 1000) % 86_400);
  expect(Math.abs((refused[0]?.retryAfterSeconds ?? 0) - toMidnight)).toBeLessThan(30);
  await flushUsage();
  expect(await usageRow(customerId)).toMatchObject({ runs: 1, refused: 8 });
});

test('a granted run and its day are told to the mirror in the same commit', async () => {
  const { customerId } = await createWorld();
  const client = await pool().connect();
  try {
    await client.query('BEGIN');
    const common = {
      customer_id: customerId,
      started_by: 'test',
      api_key_id: null,
      idempotency_key: null,
      body_hash: null,
    };
    const [decision] = await reserveBatch(client, [{ ...startRunInput.parse(runInput()), ...common }]);
    if (!decision || !('runId' in decision)) throw new Error('it was not granted');
    const told = await client.query(
      `SELECT mirror, key, partition_value FROM outbox WHERE customer_id = $1
         AND mirror IN ('tenant.pipeline_runs', 'tenant.run_details', 'customers.customer_usage_quotas') ORDER BY mirror`,
      [customerId],
    );
    const { day } = decision.quota;
    expect(told.rows).toEqual([
      {
        mirror: 'customers.customer_usage_quotas',
        key: `${customerId}_${day.replaceAll('-', '')}`,
        partition_value: day,
      },
      { mirror: 'tenant.pipeline_runs', key: decision.runId, partition_value: decision.startTime.toISOString() },
      { mirror: 'tenant.run_details', key: decision.runId, partition_value: decision.startTime.toISOString() },
    ]);
  } finally {
    await client.query('ROLLBACK').finally(() => client.release());
  }
});

test('what is read back is what was granted', async () => {
  const { system } = await createWorld({ plan: 'PROFESSIONAL' });
  const { quota } = await startRun(system, runInput());
  expect(await readQuota(system)).toMatchObject({ ...quota, runsAllowed: true, refusalReason: null, apiCallsMonth: 0 });
});

const wrong: [why: string, input: Record<string, unknown>, path: string][] = [
  ['an unknown field', { extra: 1 }, 'extra'],
  ['a pipeline id with a slash', { pipeline_id: '../x' }, 'pipeline_id'],
  ['an unknown trigger', { trigger_type: 'cron' }, 'trigger_type'],
  ['a NUL in text', { trigger_by: 'a\u0000b' }, 'trigger_by'],
  ['half a surrogate in parameters', { parameters: { a: ['\ud800'] } }, 'parameters.a.0'],
  [
    'parameters nested too deep',
    { parameters: JSON.parse(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`) },
    'parameters',
  ],
  ['parameters too large', { parameters: { a: 'x'.repeat(262_144) } }, 'parameters'],
  ['a lease of a week', { lease_seconds: 604_800 }, 'lease_seconds'],
];
test.each(wrong)('%s is refused with its path and takes no quota', async (_why, change, path) => {
  const { customerId, system } = await createWorld();
  const error = await caught(startRun(system, { ...runInput(), ...change }));
  expect(error.code).toBe('invalid_input');
  expect(error.fields?.map(field => field.path)).toEqual([path]);
  expect((await storedCounter(db(), customerId))?.runsToday).toBe(0);
});

test('a viewer may not start a run', async () => {
  const world = await createWorld();
  expect((await caught(startRun(world.as('VIEWER'), runInput()))).code).toBe('forbidden');
  expect((await startRun(world.as('COLLABORATOR'), runInput())).run.startedBy).toBe(world.members.COLLABORATOR.email);
});

test('a customer whose counter is held by another transaction is told to retry, and no other start of its batch fails', async () => {
  const [held, free] = await Promise.all([createWorld(), createWorld()]);
  const holder = await pool().connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM quota_counters WHERE customer_id = $1 FOR UPDATE', [held.customerId]);
    const { granted, refused } = await settle([startRun(held.system, runInput()), startRun(free.system, runInput())]);
    expect(granted.map(({ run }) => run.customerId)).toEqual([free.customerId]);
    expect(refused).toMatchObject([{ code: 'database_unavailable', status: 503, retryAfterSeconds: 2 }]);
  } finally {
    await holder.query('ROLLBACK').finally(() => holder.release());
  }
  expect((await startRun(held.system, runInput())).quota.runsToday).toBe(1);
});
