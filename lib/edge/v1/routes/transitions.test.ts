/** What each call about a run answers in each state of the run, and which state it leaves. */
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { runInput, stepReport } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { runs } from '@/lib/domains/runs/tables';
import { app } from '@/lib/edge/v1/app';
import { db } from '@/lib/platform/db';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 10_000, concurrentLimit: 10_000, apiCallsMonthLimit: null });
  key = (await customerKey(world)).text;
});

const post = (id: string, what: string, json: unknown = {}) =>
  call(`/v1/runs/${id}/${what}`, { method: 'POST', key, json });
const started = async (): Promise<string> =>
  String((await call('/v1/runs', { method: 'POST', key, json: runInput() })).json.pipeline_logging_id);

async function ended(status: string): Promise<string> {
  const id = await started();
  await post(id, 'complete', { status });
  return id;
}

async function leaseOver(askedToEnd: boolean): Promise<string> {
  const id = await started();
  if (askedToEnd) await post(id, 'cancel');
  await db()
    .update(runs)
    .set({ leaseExpiresAt: new Date(Date.now() - 1_000) })
    .where(eq(runs.pipelineLoggingId, id));
  while ((await reapOverdueLeases()) > 0);
  return id;
}

async function pending(cancelled = false): Promise<string> {
  const [run] = await insertPendingRuns(world, 1);
  const id = run?.pipelineLoggingId ?? '';
  if (cancelled) await post(id, 'cancel');
  return id;
}

async function askedToEnd(): Promise<string> {
  const id = await started();
  await post(id, 'cancel');
  return id;
}

const states: Record<string, () => Promise<string>> = {
  waiting: () => pending(),
  'cancelled while it waited': () => pending(true),
  running: started,
  'running and asked to end': askedToEnd,
  completed: () => ended('COMPLETED'),
  failed: () => ended('FAILED'),
  cancelled: () => ended('CANCELLED'),
  'failed by its lease': () => leaseOver(false),
  'cancelled by its lease': () => leaseOver(true),
};

const calls: Record<string, (id: string) => ReturnType<typeof post>> = {
  heartbeat: id => post(id, 'heartbeat'),
  completed: id => post(id, 'complete', { status: 'COMPLETED' }),
  failed: id => post(id, 'complete', { status: 'FAILED', error_message: 'boom' }),
  cancelled: id => post(id, 'complete', { status: 'CANCELLED' }),
  cancel: id => post(id, 'cancel'),
  step: id => post(id, 'steps', stepReport({})),
};

const finished = '409 run_finished';
const late = '409 lease_expired';
const early = '409 run_not_started';

/** A row a state; in the order of `calls` what each answers: the run's state afterwards, or the refusal. */
const table: Record<keyof typeof states, string[]> = {
  waiting: [early, early, early, early, 'CANCELLED', early],
  'cancelled while it waited': [finished, finished, finished, 'CANCELLED', 'CANCELLED', '200'],
  running: ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'RUNNING', '200'],
  'running and asked to end': ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'RUNNING', '200'],
  completed: [finished, 'COMPLETED', finished, finished, finished, '200'],
  failed: [finished, finished, 'FAILED', finished, finished, '200'],
  cancelled: [finished, finished, finished, 'CANCELLED', 'CANCELLED', '200'],
  'failed by its lease': [late, late, late, late, finished, '200'],
  'cancelled by its lease': [late, late, late, late, 'CANCELLED', '200'],
};

const cases = Object.entries(table).flatMap(([state, row]) =>
  Object.keys(calls).map((name, index) => [state, name, row[index] ?? ''] as const),
);

describe('a run that is', () => {
  test.each(cases)('%s: %s answers %s, and again the same', async (state, name, wanted) => {
    const id = (await states[state]?.()) ?? '';
    const send = calls[name];
    if (!send) throw new Error(`no call ${name}`);
    const said = async () => {
      const { status, json } = await send(id);
      return status === 200 ? String(json.status ?? status) : `${status} ${json.code}`;
    };
    const stored = async () => (await call(`/v1/runs/${id}`, { key })).json.status;
    const before = await stored();
    expect(await said()).toBe(wanted);
    expect(await stored()).toBe(/^\d/.test(wanted) ? before : wanted);
    // An end that was taken is repeated with the same answer; a heartbeat after it is refused.
    expect(await said()).toBe(wanted);
  });

  test('running is told by heartbeat and read that its end was asked for', async () => {
    const id = await started();
    expect((await post(id, 'heartbeat')).json.cancel_requested).toBe(false);
    await post(id, 'cancel');
    expect((await post(id, 'heartbeat')).json).toMatchObject({ cancel_requested: true, status: 'RUNNING' });
    expect((await call(`/v1/runs/${id}`, { key })).json).toMatchObject({
      cancel_requested: true,
      cancel_requested_at: expect.any(String),
      origin: 'api',
      rerun_of: null,
      pending_reason: null,
      step_count: 0,
      rows_processed: null,
    });
  });

  test('counted is right after all of them', async () =>
    expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]));
});

test('a claim over a connection that is answered at once is 200 or 204, and 204 has no body', async () => {
  const other = await createWorld();
  const own = (await customerKey(other)).text;
  const [waiting] = await insertPendingRuns(other, 1);
  const claim = () => call('/v1/runs/claim', { method: 'POST', key: own, json: { worker_instance: 'w' } });
  expect(await claim()).toMatchObject({
    status: 200,
    json: { pipeline_logging_id: waiting?.pipelineLoggingId, status: 'RUNNING', worker_instance: 'w', quota: {} },
  });
  const none = await claim();
  expect([none.status, none.text, none.headers.get('content-type')]).toEqual([204, '', null]);
});
