/** How long a page waits for BigQuery: a service that takes questions and answers none must not hold pages for its whole time-out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BigQueryLateError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

/** Where older rows can be shown instead, less is waited; once the service is known to be away, less again. */
const patienceMs = {
  present: { withOlderRows: 4_000, withoutRows: 10_000 },
  away: { withOlderRows: 500, withoutRows: 2_500 },
} as const;
/** So many questions that are late, with no answer to any other in between, mean that the service answers nobody. */
const awayAfter = 3;
const leastMsBetweenWarnings = 60_000;

type State = { now: keyof typeof patienceMs; late: Set<Promise<unknown>>; warnedAt: number };
const state = () =>
  processWide(
    'warehouse-state',
    (): State => ({ now: 'present', late: new Set(), warnedAt: Number.NEGATIVE_INFINITY }),
  );

function notePresent(): void {
  state().late.clear();
  state().now = 'present';
}

/** Notes whether BigQuery answers: any answer, also a late one or a refusal, means that it does. */
export async function noted<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    const result = await asked;
    notePresent();
    return result;
  } catch (error) {
    if (error instanceof BigQueryUnavailableError && !(error instanceof BigQueryLateError)) state().now = 'away';
    else notePresent();
    throw error;
  }
}

/** One slow question is no reason to give up others sooner: several must be late, and none answered meanwhile. */
function noteLate(asked: Promise<unknown>, limitMs: number): void {
  const known = state();
  if (known.late.size < awayAfter) known.late.add(asked);
  if (known.late.size >= awayAfter) known.now = 'away';
  if (performance.now() - known.warnedAt < leastMsBetweenWarnings) return;
  known.warnedAt = performance.now();
  log().warn({ limitMs, state: known.now }, 'BigQuery has not answered a question of a page in time');
}

/**
 * The promise's answer, if it comes in time. Throws BigQueryLateError when it does not, BigQueryUnavailableError where
 * the service was known to be away; the question goes on behind it, and its answer is kept for the next view.
 */
export async function inTime<Result>(asked: Promise<Result>, hasOlderRows: boolean): Promise<Result> {
  const before = state().now;
  const limitMs = patienceMs[before][hasOlderRows ? 'withOlderRows' : 'withoutRows'];
  const timer = new AbortController();
  const late = sleep(limitMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    const first = await Promise.race([asked.then(result => ({ result })), late]);
    if (first !== 'late') return first.result;
    noteLate(asked, limitMs);
    const message = `BigQuery did not answer within ${limitMs} ms`;
    throw before === 'away' ? new BigQueryUnavailableError(message) : new BigQueryLateError(message);
  } finally {
    timer.abort();
  }
}
