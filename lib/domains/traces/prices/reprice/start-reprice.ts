/** An admin has the requests of the last days valued anew; the report of it stays with the run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, gte } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { type RepriceRun, repriceRun } from '@/lib/domains/traces/prices/reprice/reprice-run';
import { workOnReprice } from '@/lib/domains/traces/prices/reprice/work-on-reprice';
import { beginEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { addDays, utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Recomputes of a customer in an hour: each reads and writes days of two tables. */
const mostPerHour = 6;
const hourMs = 3_600_000;
/** How long an answer waits for the end; the work goes on behind it. */
const answerWithinMs = 15_000;

export const startRepriceInput = z.strictObject({
  /** UTC days up to today. */
  days: z.coerce.number().int('Give a whole number of days.').min(1).max(366, 'At most 366 days at once.'),
});

/** Of the last hour, the latest first; the customer's row is locked. */
const lastHour = (tx: Tx, customerId: string, now: Date): Promise<EtlRun[]> =>
  tx
    .select()
    .from(etlRuns)
    .where(
      and(
        eq(etlRuns.customerId, customerId),
        eq(etlRuns.job, 'reprice-traces'),
        gte(etlRuns.startedAt, new Date(now.getTime() - hourMs)),
      ),
    );

async function requireTurn(tx: Tx, customerId: string, now: Date): Promise<void> {
  const runs = await lastHour(tx, customerId, now);
  if (runs.some(({ state }) => state === 'RUNNING'))
    throw new AppError('conflict', 'Costs are being recalculated already. Wait until that has ended.');
  if (runs.length < mostPerHour) return;
  const first = Math.min(...runs.map(({ startedAt }) => startedAt.getTime()));
  const retryAfterSeconds = Math.max(1, Math.ceil((first + hourMs - now.getTime()) / 1_000));
  throw new AppError('rate_limited', `Costs are recalculated at most ${mostPerHour} times an hour.`, {
    retryAfterSeconds,
  });
}

/** Begins a recompute, which mostly has ended when the answer comes; a worker goes on with what was cut off. AppError conflict, rate_limited. */
export const startReprice = defineCommand({
  name: 'model_price.reprice',
  permission: 'prices:write',
  input: startRepriceInput,
  run: async ({ ctx, tx, input }): Promise<Change<RepriceRun>> => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    await lockCustomer(tx, customerId);
    await requireTurn(tx, customerId, now);
    const to = utcDay(now);
    const period = { from: addDays(to, 1 - input.days), to };
    const details = { source: `prices of ${period.from} to ${to}`, ...period, started_by: actorLabel(ctx.actor) };
    const run = await beginEtlRun(tx, { customerId, job: 'reprice-traces', details, at: now });
    const result = repriceRun(run);
    return { result, target: { type: 'etl_run', id: String(run.id) }, before: null, after: period, mirror: [] };
  },
  effects: async ({ ctx, result }) => {
    const work = workOnReprice(result.id, { clock: ctx.clock, lockWaitMs: answerWithinMs });
    // What fails after the answer is taken up by the job.
    work.catch(error => log().warn({ err: error, etlRun: result.id }, 'a recompute is left to a worker'));
    await Promise.race([work, sleep(answerWithinMs, undefined, { ref: false })]);
  },
});
