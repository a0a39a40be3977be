/** Puts run events into the queue, many senders to a commit: whoever hears that an event was taken can rely on it. */
import type { Pool } from 'pg';
import type { NewLineageEvent } from '@/lib/domains/lineage/collect/read-event';
import { mostSteps } from '@/lib/domains/lineage/rules';
import { lineageWords } from '@/lib/domains/lineage/tables';
import { createBatcher } from '@/lib/kernel/batcher';
import { pool } from '@/lib/platform/db';
import { isRefusedValue } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** `full`: the run has as many steps as a run may have, and this would be another; `unkeepable`: Postgres refuses what it holds. */
export type Enqueued = 'taken' | 'full' | 'unkeepable';

const columns = 'customer_id, root_run_id, run_key, api_key_id, sent_by, event_time, bytes, event';
const statement = `
  WITH sent AS (
    SELECT n, step_id, ${columns}
    FROM jsonb_to_recordset($1::jsonb) AS sent (n int, step_id uuid, customer_id text, root_run_id uuid, run_key text,
      api_key_id text, sent_by text, event_time timestamptz, bytes int, event jsonb)
  ), judged AS (
    SELECT n, CASE WHEN step_id IS NOT NULL AND job_count >= $2
        THEN NOT EXISTS (SELECT FROM lineage_jobs WHERE step_logging_id = step_id) ELSE false END AS is_full
    FROM sent LEFT JOIN lineage_runs USING (customer_id, root_run_id)
  ), kept AS (
    INSERT INTO lineage_events (${columns}, status)
    SELECT ${columns}, '${lineageWords.waiting}' FROM sent JOIN judged USING (n) WHERE NOT is_full ORDER BY n
  )
  SELECT is_full FROM judged ORDER BY n`;

/** The rows as one JSON text; their events are text already. */
function recordsOf(rows: readonly NewLineageEvent[]): string {
  const records = rows.map(({ event, ...row }, n) => `${JSON.stringify({ n, ...row }).slice(0, -1)},"event":${event}}`);
  return `[${records.join(',')}]`;
}

/** Stores a batch by one statement; answers in its order. */
async function enqueueBatch(store: Pool, rows: readonly NewLineageEvent[]): Promise<Enqueued[]> {
  const query = { name: 'enqueue-lineage', text: statement, values: [recordsOf(rows), mostSteps] };
  const answer = await store.query<{ is_full: boolean }>(query);
  return answer.rows.map(row => (row.is_full ? 'full' : 'taken'));
}

/** The same; events that Postgres refuses are found and told of, the others kept. */
async function enqueueAlone(rows: readonly NewLineageEvent[]): Promise<Enqueued[]> {
  try {
    return await enqueueBatch(pool(), rows);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    if (rows.length === 1) return ['unkeepable'];
    const middle = Math.ceil(rows.length / 2);
    return [...(await enqueueAlone(rows.slice(0, middle))), ...(await enqueueAlone(rows.slice(middle)))];
  }
}

/** Of a request whose events join others'; 100 of the largest would make one statement of 100 MB. */
const maxBatchedBytes = 65_536;

const enqueueTogether = () =>
  processWide('lineage-batcher', () =>
    createBatcher<readonly NewLineageEvent[], Enqueued[]>({
      maxSize: 100,
      maxInFlight: 2,
      run: async requests => {
        const answers = await enqueueBatch(pool(), requests.flat());
        return requests.map(rows => answers.splice(0, rows.length));
      },
    }),
  );

/**
 * Stores the events of one request and resolves once they are durable, with what became of each. Throws what Postgres throws
 * while it is away; then some of a large request may be kept, and sending it again is harmless.
 */
export async function enqueue(rows: readonly NewLineageEvent[]): Promise<Enqueued[]> {
  if (rows.length === 0) return [];
  const bytes = rows.reduce((sum, { event }) => sum + event.length, 0);
  if (bytes > maxBatchedBytes) return enqueueAlone(rows);
  return enqueueTogether()(rows).catch((error: unknown) => {
    if (isRefusedValue(error)) return enqueueAlone(rows);
    throw error;
  });
}
