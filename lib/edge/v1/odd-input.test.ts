/** Hundreds of odd requests over every call of the data plane: none is answered by a 5xx, and none writes anything. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey, type Received, serviceKey } from '@/dev/testing/data-plane';
import { long, queries, raws, segments, uuid, values } from '@/dev/testing/odd-input';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { app } from '@/lib/edge/v1/app';
import { lineageRoute } from '@/lib/edge/v1/lineage/routes';
import { routes } from '@/lib/edge/v1/routes';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { outbox, outboxDead } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** Steps and checks lie near their run's start, which is the real clock's. */
const now = new Date().toISOString();

const sound: Record<string, Record<string, unknown>> = {
  verifyKey: { key: 'ty_live_x', scope: 'runs:read' },
  startRun: {
    pipeline_id: 'odd',
    trigger_type: 'api',
    trigger_by: 'odd',
    parameters: {},
    config_version: '1',
    worker_instance: 'w',
    lease_seconds: 60,
  },
  claimRun: { pipeline_ids: ['odd'], worker_instance: 'w', lease_seconds: 60, wait_seconds: 0 },
  heartbeatRun: { lease_seconds: 60 },
  cancelRun: {},
  completeRun: { status: 'FAILED', error_message: 'x' },
  reportSteps: {
    steps: [
      {
        step_logging_id: newUuid(),
        step_name: 's',
        step_type: 't',
        step_index: 0,
        status: 'RUNNING',
        start_time: now,
        end_time: now,
        rows_processed: 1,
        error_message: 'x',
        metadata: {},
      },
    ],
  },
  sendLineageEvent: {
    eventTime: now,
    eventType: 'COMPLETE',
    run: { runId: uuid },
    job: { namespace: 'n', name: 'odd' },
    inputs: [{ namespace: 'n', name: 'd', facets: {}, inputFacets: {} }],
    outputs: [{ namespace: 'n', name: 'e', outputFacets: {} }],
    producer: 'p',
  },
  reportChecks: {
    dq_results: [
      {
        dq_result_id: newUuid(),
        target_table: 't',
        dq_config_id: 'c',
        executed_at: now,
        expectations_passed: 1,
        expectations_failed: 0,
        failed_expectations: [],
        overall_status: 'PASS',
      },
    ],
  },
};

/** Every sound body with one value replaced, as JSON text. A mark stands for the value, because JSON cannot hold some. */
function* bodies(body: Record<string, unknown>): Generator<string> {
  const mark = '"<odd>"';
  const holders: ((name: string, value: unknown) => unknown)[] = [(name, value) => ({ ...body, [name]: value })];
  const names = [Object.keys(body)];
  for (const [list, items] of Object.entries(body)) {
    if (!Array.isArray(items)) continue;
    names.push(Object.keys(items[0]));
    holders.push((name, value) => ({ [list]: [{ ...items[0], [name]: value }] }));
  }
  for (const [index, holder] of holders.entries())
    for (const name of [...(names[index] ?? []), 'unknown', 'customer_id', '__proto__'])
      for (const value of values) yield JSON.stringify(holder(name, '<odd>')).replace(mark, () => value);
}

/** Those that parse here, and the events of OpenLineage; the other doors are walked beside theirs. */
const withBody = [...routes.filter(route => route.body), lineageRoute];

const rowsOf = async (world: World): Promise<string> => {
  const id = world.customerId;
  const { rows } = await db().execute(sql`
    SELECT (SELECT count(*) FROM runs WHERE customer_id = ${id}) AS runs, (SELECT count(*) FROM step_logs WHERE customer_id = ${id}) AS steps,
      (SELECT count(*) FROM dq_results WHERE customer_id = ${id}) AS checks, (SELECT count(*) FROM idempotency_keys WHERE customer_id = ${id}) AS keys,
      (SELECT runs_today FROM quota_counters WHERE customer_id = ${id}) AS today, (SELECT count(*) FROM audit_log WHERE customer_id = ${id}) AS audit`);
  return JSON.stringify(rows);
};

describe('odd input', () => {
  const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
  let world: World;
  let key: string;
  let service: string;
  let runId: string;
  beforeAll(async () => {
    world = await createWorld();
    await applyLimits(db(), world.customerId, { dailyLimit: 10_000, concurrentLimit: 10_000 });
    key = (await customerKey(world)).text;
    const started = await call('/v1/runs', { method: 'POST', key, json: sound.startRun });
    runId = String(started.json.pipeline_logging_id);
    service = (await serviceKey()).text;
  });

  const clear = ({ status, text, headers }: Received): void => {
    expect(status, text.slice(0, 300)).toBeLessThan(500);
    if (status >= 400) expect(headers.get('content-type')).toContain('application/problem+json');
  };
  const keyOf = (who: string): string => (who === 'service' ? service : key);

  test.each(withBody.map(route => [route.operationId, route] as const))(
    '%s: each field with each odd value',
    { timeout: 120_000 },
    async (name, route) => {
      const path = route.path.replace('{pipeline_logging_id}', runId);
      for (const body of bodies(sound[name] as Record<string, unknown>)) {
        const answer = await call(path, {
          method: 'POST',
          key: keyOf(route.who),
          body,
          headers: { 'content-type': 'application/json' },
        });
        expect(answer.status, `${body.slice(0, 200)} ${answer.text.slice(0, 300)}`).toBeLessThan(500);
      }
      for (const [sentence, type, body] of raws) {
        const answer = await call(path, {
          method: 'POST',
          key: keyOf(route.who),
          body,
          headers: type ? { 'content-type': type } : {},
        });
        expect(answer.status, `${sentence} ${answer.text.slice(0, 300)}`).toBeLessThan(500);
      }
    },
  );

  test.each(routes.filter(route => route.method === 'GET').map(route => [route.operationId, route] as const))(
    '%s: odd queries',
    async (_, route) => {
      const path = route.path.replace('{pipeline_logging_id}', uuid).replace('{usage_date}', '2026-01-01');
      for (const query of queries)
        for (const who of [key, service]) clear(await call(`${path}?${query}`, { key: who }));
    },
  );

  test.each(routes.filter(route => route.path.includes('{')).map(route => [route.operationId, route] as const))(
    '%s: odd ids',
    async (_, route) => {
      for (const segment of segments)
        clear(await call(route.path.replace(/\{\w+\}/, segment), { method: route.method, key }));
    },
  );

  test.each([
    'Bearer',
    'Bearer ',
    `Bearer ${long}`,
    'Bearer ty_live_é',
    'Basic eDp5',
    'Bearer a b',
    ' ',
    "Bearer ' OR 1=1 --",
  ])('the credential %j is refused', async authorization => {
    const answer = await call('/v1/quota', {
      headers: { authorization: Buffer.from(authorization).toString('latin1') },
    });
    expect(answer.status).toBe(401);
  });

  test.each([' ', 'é', long, 'a b', '', '\u007f'])('the Idempotency-Key %j is refused', async name => {
    const headers = { 'idempotency-key': Buffer.from(name).toString('latin1') };
    const answer = await call('/v1/runs', { method: 'POST', key, json: { ...sound.startRun, trigger_by: 7 }, headers });
    expect(answer.status).toBe(400);
  });

  test('what was taken of it reaches BigQuery', async () => {
    const mirrors = ['tenant.pipeline_runs', 'tenant.step_logs', 'tenant.dq_results'];
    await flushOnce(relayDeps(), { customers: [world.customerId], mirrors });
    const mine = (table: typeof outbox | typeof outboxDead) =>
      db()
        .select({ mirror: table.mirror, key: table.key })
        .from(table)
        .where(and(eq(table.customerId, world.customerId), inArray(table.mirror, mirrors)));
    expect([await mine(outbox), await mine(outboxDead)]).toEqual([[], []]);
    const { rows } = await db().execute<{ runs: number; steps: number; checks: number }>(sql`
      SELECT (SELECT count(*)::int FROM runs WHERE customer_id = ${world.customerId}) AS runs,
        (SELECT count(*)::int FROM step_logs WHERE customer_id = ${world.customerId}) AS steps,
        (SELECT count(*)::int FROM dq_results WHERE customer_id = ${world.customerId}) AS checks`);
    expect(rows[0]?.runs).toBeGreaterThan(20);
    expect(rows[0]).toMatchObject({ steps: 2, checks: 2 });
  });

  test('nothing that was refused has left a row', async () => {
    const fresh = await createWorld();
    const before = await rowsOf(fresh);
    const own = (await customerKey(fresh)).text;
    const audited = (text: string) => ({ ...(JSON.parse(text) as [Record<string, unknown>])[0], audit: null });
    for (const [, type, body] of raws)
      await call('/v1/runs', {
        method: 'POST',
        key: own,
        body,
        headers: { 'idempotency-key': 'odd', ...(type ? { 'content-type': type } : {}) },
      });
    for (const value of values) {
      const body = JSON.stringify({ ...sound.startRun, lease_seconds: '<odd>' }).replace('"<odd>"', () => value);
      const answer = await call('/v1/runs', {
        method: 'POST',
        key: own,
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status, value.slice(0, 60)).toBe(400);
    }
    expect(audited(await rowsOf(fresh))).toEqual(audited(before));
  });
});
