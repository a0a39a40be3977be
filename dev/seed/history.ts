/** Believable runs, steps, checks and day rows of one customer; pure, so that it can be tested and repeated. */
import { type DemoPipeline, type DemoTable, demoPipelines } from '@/dev/seed/pipelines';
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
  /** Keys that start runs, each since it was made. */
  keys?: readonly DemoCaller[];
};

export type DemoCaller = { apiKeyId: string; name: string; createdAt: Date };

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

/** Each pipeline as often as its weight says. */
const weighted = demoPipelines.flatMap(pipeline => Array.from({ length: pipeline.weight }, () => pipeline));

/** What breaks a run, and in which step. */
type Broken = { step: string; message: string };

function addRun(history: History, options: Options, startMs: number): void {
  const { random, now } = options;
  const pipeline = random.pick(weighted);
  const failure = random.chance(pipeline.failureRate) ? breakOf(pipeline, random) : null;
  const run = newRun(options, pipeline, startMs);
  // A run of the last minutes is shortened, because nothing of the history is still running.
  const roomMs = Math.max(2_000, now.getTime() - 2_000 - startMs);
  const wholeMs = pipeline.steps.reduce((sum, item) => sum + item.seconds[1] * 1000, 0);
  const scale = Math.min(1, roomMs / (wholeMs + 1_000));
  const endMs = addSteps(history, { run, pipeline, failure, random, scale, now });
  run.endTime = new Date(endMs);
  run.durationMs = endMs - startMs;
  run.status = failure ? 'FAILED' : 'COMPLETED';
  run.errorMessage = failure?.message ?? null;
  run.errorPattern = failure && errorPattern(failure.message);
  run.errorFingerprint = run.errorPattern ? errorFingerprint(run.errorPattern) : null;
  addTotals(history, run);
  history.runs.push(run);
}

function breakOf(pipeline: DemoPipeline, random: Random): Broken {
  const { step, message } = random.pick(pipeline.failures);
  return { step, message: message(random) };
}

/** What was reported of a run, added up as the reports would have done it. */
export function addTotals(history: History, run: NewRun): void {
  const steps = history.steps.filter(step => step.pipelineLoggingId === run.pipelineLoggingId);
  const checks = history.checks.filter(check => check.pipelineLoggingId === run.pipelineLoggingId);
  const rows = steps.flatMap(step => step.rowsProcessed ?? []);
  run.stepCount = steps.length;
  run.checkCount = checks.length;
  run.checksFailed = checks.filter(check => check.overallStatus === 'FAIL').length;
  run.rowsProcessed = rows.length > 0 ? rows.reduce((sum, count) => sum + count, 0) : null;
}

/** A run that has not ended, by a key that was there already. */
export function newRun(
  { customerId, random, keys = [] }: Pick<Options, 'customerId' | 'random' | 'keys'>,
  pipeline: DemoPipeline,
  startMs: number,
): NewRun {
  const scheduled = random.chance(0.8);
  const there = keys.filter(({ createdAt }) => createdAt.getTime() < startMs);
  const caller = there.length > 0 ? random.pick(there) : null;
  return {
    pipelineLoggingId: random.uuid(),
    customerId,
    pipelineId: pipeline.id,
    status: 'COMPLETED',
    triggerType: scheduled ? 'scheduler' : random.pick(['api', 'manual', 'retry'] as const),
    triggerBy: scheduled ? 'scheduler' : (caller?.name ?? 'ci-loader'),
    startedBy: caller ? `api_key:${caller.apiKeyId}` : 'seed',
    apiKeyId: caller?.apiKeyId ?? null,
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

type StepsOf = {
  run: NewRun;
  pipeline: DemoPipeline;
  failure: Broken | null;
  random: Random;
  scale: number;
  now: Date;
};

function addSteps(history: History, { run, pipeline, failure, random, scale, now }: StepsOf): number {
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
      addChecks(history, { run, pipeline, fails, random, now, atMs: atMs + durationMs });
    atMs += durationMs;
    broken ||= fails;
  }
  return atMs;
}

type ChecksOf = { run: NewRun; pipeline: DemoPipeline; fails: boolean; random: Random; now: Date; atMs: number };

/** How many of a table's expectations fail: some by chance, several where the run fails of it or the table is broken. */
function missed(table: DemoTable, index: number, { fails, random, now, atMs }: ChecksOf): number {
  if (fails && index === 0) return table.fragile.length;
  const brokenMs = (table.brokenForDays ?? 0) * 86_400_000;
  if (now.getTime() - atMs < brokenMs && random.chance(0.85)) return table.fragile.length;
  return random.chance(0.04) ? 1 : 0;
}

function addChecks(history: History, of: ChecksOf): void {
  const { run, pipeline, random, atMs } = of;
  for (const [index, table] of pipeline.checkedTables.entries()) {
    const failed = missed(table, index, of);
    const rows = random.between(20_000, 190_000);
    history.checks.push({
      dqResultId: random.uuid(),
      customerId: run.customerId,
      pipelineLoggingId: run.pipelineLoggingId,
      targetTable: table.name,
      dqConfigId: `${pipeline.id}_suite`,
      executedAt: new Date(atMs),
      expectationsPassed: table.expectations - failed,
      expectationsFailed: failed,
      failedExpectations: failed
        ? table.fragile.slice(0, failed).map(item => ({ ...item, failed_rows: random.between(3, 400), rows }))
        : null,
      overallStatus: failed === 0 ? 'PASS' : failed > 1 || of.fails ? 'FAIL' : 'WARNING',
      ingestionDate: utcDay(new Date(atMs)),
    });
  }
}
