/** One run as its page shows it: from Postgres while it moves or its rows are on their way to BigQuery, else from there. */
import { hasWaitingRows, movingChecks, movingSteps } from '@/lib/domains/runs/reads/moving-parts';
import { findRun } from '@/lib/domains/runs/reads/run-history';
import {
  checkCursor,
  checkKey,
  listCheckHistories,
  listRunChecks,
  listRunSteps,
  type PastResult,
  partsAPage,
  type RunCheck,
  type RunStep,
  stepCursor,
} from '@/lib/domains/runs/reads/run-parts';
import { hasEnded } from '@/lib/domains/runs/rules';
import type { Run } from '@/lib/domains/runs/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { AppError, toAppError } from '@/lib/platform/errors';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export type Parts<Row> = {
  rows: Row[];
  nextCursor: string | null;
  /** How old the rows are; null where they are Postgres' own. */
  age: RowsAge | null;
};

export type RunParts = { steps: Parts<RunStep>; checks: Parts<RunCheck> };

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The caller's run. Throws AppError not_found for a foreign or unknown id, and for what is no id. */
export async function readRun(ctx: Ctx, pipelineLoggingId: string): Promise<Run> {
  if (!uuid.test(pipelineLoggingId)) throw new AppError('not_found', 'There is no run with this id.');
  return findRun(requireCustomer(ctx), {}, pipelineLoggingId.toLowerCase());
}

/** Whether what belongs to the run is read from Postgres: it moves, or BigQuery has not got all of it. */
export const readsPostgres = async (run: Run): Promise<boolean> => !hasEnded(run) || hasWaitingRows(run);

export const whichOf = (run: Run) => ({ pipelineLoggingId: run.pipelineLoggingId, startDay: utcDay(run.startTime) });

const lastOf = <Row>(page: { rows: Row[]; more: boolean }, cursorOf: (row: Row) => string): string | null => {
  const last = page.rows.at(-1);
  return page.more && last ? cursorOf(last) : null;
};

export type PartsPage = { stepsAfter?: string | undefined; checksAfter?: string | undefined };

/** A page of the run's steps and of its checks, failed ones first. AppError invalid_cursor, warehouse_unavailable. */
export async function readParts(ctx: Ctx, run: Run, page: PartsPage = {}): Promise<RunParts> {
  if (await readsPostgres(run)) return fromPostgres(run, page);
  const which = whichOf(run);
  const [steps, checks] = await Promise.all([
    listRunSteps(ctx, { ...which, after: page.stepsAfter }),
    listRunChecks(ctx, { ...which, after: page.checksAfter }),
  ]);
  return {
    steps: { rows: steps.rows, nextCursor: lastOf(steps, stepCursor), age: steps },
    checks: { rows: checks.rows, nextCursor: lastOf(checks, checkCursor), age: checks },
  };
}

async function fromPostgres(run: Run, page: PartsPage): Promise<RunParts> {
  const which = { customerId: run.customerId, pipelineLoggingId: run.pipelineLoggingId, limit: partsAPage };
  const [steps, checks] = await Promise.all([
    movingSteps({ ...which, after: page.stepsAfter }),
    movingChecks({ ...which, after: page.checksAfter }),
  ]);
  return {
    steps: { rows: steps.rows, nextCursor: lastOf(steps, stepCursor), age: null },
    checks: { rows: checks.rows, nextCursor: lastOf(checks, checkCursor), age: null },
  };
}

/** Results by the key of their check, oldest first. */
export type Histories = ReadonlyMap<string, PastResult[]>;

const shownResults = 10;

/**
 * The last results of each of the run's checks, the run's own among them, also where BigQuery has not got them. While the
 * run moves only its own are known, because asking again and again would bill. A failure to ask leaves only the run's own.
 */
export async function readHistories(ctx: Ctx, run: Run, checks: readonly RunCheck[]): Promise<Histories> {
  const own = checks.map(check => ({ ...check, pipeline_logging_id: run.pipelineLoggingId }));
  const earlier = !hasEnded(run) || own.length === 0 ? [] : await earlierResults(ctx, own);
  const byId = new Map([...earlier, ...own].map(result => [result.dq_result_id, result]));
  const byCheck = Map.groupBy(byId.values(), checkKey);
  for (const [key, results] of byCheck) {
    const inTime = results.toSorted((a, b) => a.executed_at.getTime() - b.executed_at.getTime());
    byCheck.set(key, inTime.slice(-shownResults));
  }
  return byCheck;
}

async function earlierResults(ctx: Ctx, own: readonly PastResult[]): Promise<PastResult[]> {
  const until = new Date(Math.max(...own.map(({ executed_at }) => executed_at.getTime())));
  try {
    return (await listCheckHistories(ctx, { checks: [...new Set(own.map(checkKey))].sort(), until })).rows;
  } catch (error) {
    const { status, code } = toAppError(error);
    if (status >= 500 || code === 'rate_limited') return [];
    throw error;
  }
}
