/** What of the acknowledged events lies in BigQuery, and what still waits on the way there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { pool } from '@/lib/platform/db';

type Page = { rows?: { f: { v: string }[] }[]; pageToken?: string; jobReference?: { jobId: string } };

/** Ids of a table or view, as often as they are there. */
export async function idsIn(dataset: string, table: string): Promise<string[]> {
  const ids: string[] = [];
  const json = {
    query: `SELECT id FROM \`${dataset}.${table}\``,
    useLegacySql: false,
    maxResults: 50_000,
    timeoutMs: 60_000,
  };
  let page = await bigqueryRequest<Page>(bigquery(), { method: 'POST', uri: '/queries', json, timeoutMs: 120_000 });
  const jobId = page.jobReference?.jobId;
  for (;;) {
    for (const row of page.rows ?? []) ids.push(row.f[0]?.v ?? '');
    if (!page.pageToken) return ids;
    const qs = { pageToken: page.pageToken, maxResults: 50_000 };
    page = await bigqueryRequest<Page>(bigquery(), { method: 'GET', uri: `/queries/${jobId}`, qs, timeoutMs: 120_000 });
  }
}

export type Backlog = { entries: number; chunks: number; rows: number; sending: number };

/** Entries of the log that no consumer has settled, rows in the spool, loads under way. */
export async function backlog(): Promise<Backlog> {
  const { rows } = await pool().query<Record<keyof Backlog, string>>(`
    SELECT
      (SELECT count(*) FROM ingest_log l WHERE NOT EXISTS (
        SELECT FROM ingest_positions p WHERE p.log = l.log AND p.shard = l.shard AND p.position >= l.position)) AS entries,
      (SELECT count(*) FROM ingest_chunks WHERE settled_at IS NULL) AS chunks,
      (SELECT coalesce(sum(rows), 0) FROM ingest_chunks WHERE settled_at IS NULL) AS rows,
      (SELECT count(*) FROM ingest_loads WHERE state = 'SENDING') AS sending`);
  const [row] = rows;
  const number = (name: keyof Backlog) => Number(row?.[name] ?? 0);
  return { entries: number('entries'), chunks: number('chunks'), rows: number('rows'), sending: number('sending') };
}

/** Waits until nothing waits any more; answers the ms it took, infinity after `limitMs`. */
export async function drained(limitMs: number): Promise<number> {
  const startedAt = Date.now();
  for (;;) {
    const { entries, chunks, sending } = await backlog();
    if (entries + chunks + sending === 0) return Date.now() - startedAt;
    if (Date.now() - startedAt > limitMs) return Number.POSITIVE_INFINITY;
    await sleep(500);
  }
}
