/** Believable runs, steps, checks and day rows of one customer; pure, so that it can be tested and repeated. */
import { type DemoFailure, type DemoPipeline, demoPipelines } from '@/dev/seed/pipelines';
import type { Random } from '@/dev/seed/random';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import type { dqResults, runs, stepLogs } from '@/lib/domains/runs/tables';
import { addDays, utcDay } from '@/lib/platform/clock';

export type NewRun = typeof runs.$inferInsert;
export type NewStep = typeof stepLogs.$inferInsert;
export type NewCheck = typeof dqResults.$inferInsert;

export type DayPlan = { day: string; runs: number; refused: number };
export type History = { runs: NewRun[]; steps: NewStep[]; checks: NewCheck[]; days: DayPlan[] };

type Options = {
  customerId: string;
  random: Random;
  now: Date;
  /** Days of history before today. */
  days: number;
  dailyLimit: number;
  /** Runs of today; the last day of the history. */
  runsToday: number;
};

const leaseSeconds = 900;
const atMidnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

function planOf({ random, dailyLimit, runsToday, now, days }: Options): DayPlan[] {
  const today = utcDay(now);
  return Array.from({ length: days + 1 }, (_, index) => {
    const day = addDays(today, index - days);
    if (day === today) return { day, runs: runsToday, refused: 0 };
    const weekend = [0, 6].includes(new Date(atMidnight(day)).getUTCDay());
    const growth = 0.45 + 0.35 * (index / Math.max(1, days));
    const wanted = Math.round(dailyLimit * growth * (weekend ? 0.5 : 1) + random.between(-2, 3));
    const spike = random.chance(0.05) ? dailyLimit + random.between(1, 4) : wanted;
    const count = Math.min(dailyLimit, Math.max(1, spike));
    return { day, runs: count, refused: Math.max(0, spike - dailyLimit) };
  });
}

/** Runs of `days` days up to `now`, never more a day than the limit; the newest end before `now`. */
export function makeHistory(options: Options): History {
  const history: History = { runs: [], steps: [], checks: [], days: planOf(options) };
  for (const plan of history.days) {
    const opensMs = atMidnight(plan.day);
    const lastsMs = Math.max(60_000, Math.min(86_400_000, options.now.getTime() - opensMs) - 30_000);
    for (let index = 0; index < plan.runs; index++) {
      const startMs = opensMs + Math.floor((lastsMs * 0.9 * (index + options.random.next() * 0.7)) / plan.runs);
      addRun(history, options, startMs);
    }
  }
  return history;
}

function addRun(history: History, { customerId, random, now }: Options, startMs: number): void {
  const pipeline = random.pick(demoPipelines);
  const failure = random.chance(0.07) ? random.pick(pipeline.failures) : null;
  const run = newRun(customerId, random, pipeline, startMs);
  // A run of the last minutes is shortened, because nothing of the history is still running.
  const roomMs = Math.max(2_000, now.getTime() - 2_000 - startMs);
  const wholeMs = pipeline.steps.reduce((sum, item) => sum + item.seconds[1] * 1000, 0);
  const scale = Math.min(1, roomMs / (wholeMs + 1_000));
  const endMs = addSteps(history, { run, pipeline, failure, random, scale });
  run.endTime = new Date(endMs);
  run.durationMs = endMs - startMs;
  run.status = failure ? 'FAILED' : 'COMPLETED';
  run.errorMessage = failure?.message ?? null;
  run.errorPattern = failure && errorPattern(failure.message);
  run.errorFingerprint = run.errorPattern ? errorFingerprint(run.errorPattern) : null;
  addTotals(history, run);
  history.runs.push(run);
}

/** What was reported of a run, added up as the reports would have done it. */
function addTotals(history: History, run: NewRun): void {
  const steps = history.steps.filter(step => step.pipelineLoggingId === run.pipelineLoggingId);
  const checks = history.checks.filter(check => check.pipelineLoggingId === run.pipelineLoggingId);
  const rows = steps.flatMap(step => step.rowsProcessed ?? []);
  run.stepCount = steps.length;
  run.checkCount = checks.length;
  run.checksFailed = checks.filter(check => check.overallStatus === 'FAIL').length;
  run.rowsProcessed = rows.length > 0 ? rows.reduce((sum, count) => sum + count, 0) : null;
}

function newRun(customerId: string, random: Random, pipeline: DemoPipeline, startMs: number): NewRun {
  const scheduled = random.chance(0.8);
  return {
    pipelineLoggingId: random.uuid(),
    customerId,
    pipelineId: pipeline.id,
    status: 'COMPLETED',
    triggerType: scheduled ? 'scheduler' : random.pick(['api', 'manual', 'retry'] as const),
    triggerBy: scheduled ? 'scheduler' : 'ci-loader',
    startedBy: 'seed',
    createdAt: new Date(startMs),
    runDay: utcDay(new Date(startMs)),
    quotaCharge: 1,
    startTime: new Date(startMs),
    configVersion: random.uuid().slice(0, 7),
    workerInstance: `worker-${random.between(1, 4)}`,
    parameters: {
      date: addDays(utcDay(new Date(startMs)), -1),
      batch_size: 1000,
      filters: { region: random.pick(['US', 'EU']) },
    },
    leaseSeconds,
    leaseExpiresAt: new Date(startMs + leaseSeconds * 1000),
  };
}

type StepsOf = { run: NewRun; pipeline: DemoPipeline; failure: DemoFailure | null; random: Random; scale: number };

function addSteps(history: History, { run, pipeline, failure, random, scale }: StepsOf): number {
  let atMs = run.startTime.getTime();
  let broken = false;
  for (const [stepIndex, item] of pipeline.steps.entries()) {
    const fails = failure?.step === item.name;
    const durationMs = broken
      ? 0
      : Math.round((random.between(item.seconds[0] * 1000, item.seconds[1] * 1000) + 40) * scale);
    const rows = item.rows && !fails && !broken ? random.between(...item.rows) : null;
    history.steps.push({
      stepLoggingId: random.uuid(),
      customerId: run.customerId,
      pipelineLoggingId: run.pipelineLoggingId,
      stepName: item.name,
      stepType: item.type,
      stepIndex,
      status: broken ? 'SKIPPED' : fails ? 'FAILED' : 'COMPLETED',
      startTime: new Date(atMs),
      endTime: broken ? null : new Date(atMs + durationMs),
      durationMs: broken ? null : durationMs,
      rowsProcessed: rows,
      errorMessage: fails ? (failure?.message ?? null) : null,
      metadata:
        rows === null
          ? null
          : {
              destination_table: `${pipeline.id}.${item.name}`,
              bytes_processed: rows * 212,
              query_cost_usd: Number((rows * 1.3e-9).toFixed(6)),
            },
      updatedAt: new Date(atMs + durationMs),
    });
    if (item.name === 'dq_checks' && !broken)
      addChecks(history, { run, pipeline, fails, random, atMs: atMs + durationMs });
    atMs += durationMs;
    broken ||= fails;
  }
  return atMs;
}

function addChecks(
  history: History,
  {
    run,
    pipeline,
    fails,
    random,
    atMs,
  }: { run: NewRun; pipeline: DemoPipeline; fails: boolean; random: Random; atMs: number },
): void {
  for (const [index, targetTable] of pipeline.checkedTables.entries()) {
    const total = 14 - index * 6;
    const failed = fails && index === 0 ? 2 : random.chance(0.04) ? 1 : 0;
    history.checks.push({
      dqResultId: random.uuid(),
      customerId: run.customerId,
      pipelineLoggingId: run.pipelineLoggingId,
      targetTable,
      dqConfigId: `${pipeline.id}_suite`,
      executedAt: new Date(atMs),
      expectationsPassed: total - failed,
      expectationsFailed: failed,
      failedExpectations: failed
        ? [{ expectation: 'not_null', column: 'cost_usd', failed_rows: random.between(3, 90), rows: 182_004 }]
        : null,
      overallStatus: failed > 1 ? 'FAIL' : failed === 1 ? 'WARNING' : 'PASS',
      ingestionDate: utcDay(new Date(atMs)),
    });
  }
}
