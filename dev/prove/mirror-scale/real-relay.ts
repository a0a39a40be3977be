/** The relay itself, on a Postgres of its own and the double over HTTP, while 200 tenants report for a minute. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { count } from 'drizzle-orm';
import { type BenchCustomer, createCustomers } from '@/dev/bench/fixtures';
import { serveWarehouse } from '@/dev/doubles/warehouse/serve';
import { Warehouse } from '@/dev/doubles/warehouse/warehouse';
import { usedHeapMb } from '@/dev/prove/mirror-scale/heap';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { outbox } from '@/lib/kernel/tables';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { startRelay } from '@/lib/warehouse/mirror/relay';

export type RealFigures = {
  tenants: number;
  seconds: number;
  /** Calls of workers that were answered. */
  calls: number;
  merges: number;
  mostWaitingRows: number;
  /** How long it took after the last report until nothing waited. */
  drainedSeconds: number;
  heapMb: number[];
  limits: Warehouse['limits'];
};

const tenants = 200;
const seconds = 60;
const stepMs = 8_000;
const stepsPerRun = 4;
const samples = 6;
const paceMs = 400;
const longestDrainMs = 120_000;

const step = (id: string, index: number, startedAt: Date, endedAt?: Date) => ({
  steps: [
    {
      step_logging_id: id,
      step_name: `step ${index}`,
      step_type: 'transform',
      step_index: index,
      status: endedAt ? 'COMPLETED' : 'RUNNING',
      start_time: startedAt.toISOString(),
      ...(endedAt ? { end_time: endedAt.toISOString() } : {}),
    },
  ],
});

const checks = (executedAt: Date) => ({
  dq_results: Array.from({ length: 3 }, () => ({
    dq_result_id: randomUUID(),
    target_table: 'orders',
    dq_config_id: 'orders-daily',
    executed_at: executedAt.toISOString(),
    expectations_passed: 4,
    expectations_failed: 0,
    overall_status: 'PASS',
  })),
});

/** A worker of one tenant: run after run until it is time. Answers how many calls it made. */
async function work(ctx: CustomerCtx, until: number): Promise<number> {
  let calls = 0;
  await sleep(Math.random() * stepMs);
  while (Date.now() < until) {
    const { run } = await startRun(ctx, { pipeline_id: 'scale', trigger_type: 'api', trigger_by: 'prove' });
    for (let index = 0; index < stepsPerRun && Date.now() < until; index++) {
      const [id, startedAt] = [randomUUID(), new Date()];
      await reportSteps(ctx, step(id, index, startedAt), run.pipelineLoggingId);
      await sleep(stepMs * (0.5 + Math.random()));
      await reportSteps(ctx, step(id, index, startedAt, new Date()), run.pipelineLoggingId);
      await reportChecks(ctx, checks(new Date()), run.pipelineLoggingId);
      calls += 3;
    }
    await completeRun(ctx, { status: 'COMPLETED' }, run.pipelineLoggingId);
    calls += 2;
  }
  return calls;
}

async function waitingRows(): Promise<number> {
  const [row] = await db().select({ rows: count() }).from(outbox);
  return row?.rows ?? 0;
}

/** Waits until nothing waits; answers the seconds. Throws where that takes too long. */
async function drained(): Promise<number> {
  for (const began = Date.now(); ; await sleep(250)) {
    const rows = await waitingRows();
    if (rows === 0) return (Date.now() - began) / 1_000;
    if (Date.now() - began > longestDrainMs) throw new Error(`${rows} changes wait still`);
  }
}

/** What is held and what waits, `samples` times evenly over the time. */
async function watch(figures: Pick<RealFigures, 'heapMb' | 'mostWaitingRows'>): Promise<void> {
  for (let sample = 0; sample < samples; sample++) {
    await sleep((seconds * 1_000) / samples);
    figures.heapMb.push(usedHeapMb());
    figures.mostWaitingRows = Math.max(figures.mostWaitingRows, await waitingRows());
  }
}

/** Needs the environment of running services and a database whose outbox nobody else writes. */
export async function realRelay(): Promise<RealFigures> {
  const now = () => performance.now();
  const durationMs = () => Warehouse.serviceMs();
  const warehouse = new Warehouse({ now, sleep: ms => sleep(ms), durationMs, bytesOf: () => 0 });
  const served = await serveWarehouse(warehouse);
  const customers: BenchCustomer[] = await createCustomers(tenants);
  const bigquery = createBigQuery({ projectId: 'p', apiUrl: served.url });
  const relay = startRelay({ ...relayDeps(), bigquery, paceMs });
  try {
    const figures = { heapMb: [], mostWaitingRows: 0 };
    const until = Date.now() + seconds * 1_000;
    const workers = customers.map(customer => work(requireCustomer(systemCtx('prove', customer)), until));
    const [calls] = await Promise.all([Promise.all(workers), watch(figures)]);
    const drainedSeconds = await drained();
    return {
      ...figures,
      tenants,
      seconds,
      calls: calls.reduce((sum, made) => sum + made, 0),
      merges: warehouse.limits.statements,
      drainedSeconds,
      limits: warehouse.limits,
    };
  } finally {
    await relay.stop();
    served.close();
  }
}
