/** How long a page waits for BigQuery: a service that takes questions and answers none must not hold pages for its whole time-out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { processWide } from '@/lib/platform/process-wide';

/** Where older rows can be shown instead, less is waited; once the service is known to be away, less again. */
const patienceMs = {
  present: { withOlderRows: 4_000, withoutRows: 10_000 },
  away: { withOlderRows: 500, withoutRows: 2_500 },
} as const;

const state = () => processWide('warehouse-state', (): { now: keyof typeof patienceMs } => ({ now: 'present' }));

/** Notes whether BigQuery answers: any answer, also a late one or a refusal, means that it does. */
export async function noted<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    const result = await asked;
    state().now = 'present';
    return result;
  } catch (error) {
    state().now = error instanceof BigQueryUnavailableError ? 'away' : 'present';
    throw error;
  }
}

/**
 * The promise's answer, if it comes in time. Throws BigQueryUnavailableError when it does not; the question goes on
 * behind it, and its answer is kept for the next view.
 */
export async function inTime<Result>(asked: Promise<Result>, hasOlderRows: boolean): Promise<Result> {
  const limitMs = patienceMs[state().now][hasOlderRows ? 'withOlderRows' : 'withoutRows'];
  const timer = new AbortController();
  const late = sleep(limitMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    const first = await Promise.race([asked.then(result => ({ result })), late]);
    if (first !== 'late') return first.result;
    state().now = 'away';
    throw new BigQueryUnavailableError(`BigQuery did not answer within ${limitMs} ms`);
  } finally {
    timer.abort();
  }
}
