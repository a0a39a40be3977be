/** What of the acknowledged events lies in BigQuery, and what still waits on the way there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Numbers } from '@/dev/prove/events/numbers';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { pool } from '@/lib/platform/db';

type Page = { rows?: { f: { v: string }[] }[]; pageToken?: string; jobReference?: { jobId: string } };

const pageRows = 50_000;
/** Ten million rows in a view that looks for the latest of each id. */
const queryMs = 600_000;

async function* rowsOf(query: string): AsyncGenerator<string[]> {
  const json = { query, useLegacySql: false, maxResults: pageRows, timeoutMs: queryMs };
  let page = await bigqueryRequest<Page>(bigquery(), { method: 'POST', uri: '/queries', json, timeoutMs: queryMs });
  const jobId = page.jobReference?.jobId;
  for (;;) {
    for (const { f } of page.rows ?? []) yield f.map(({ v }) => v);
    if (!page.pageToken) return;
    const qs = { pageToken: page.pageToken, maxResults: pageRows };
    page = await bigqueryRequest<Page>(bigquery(), { method: 'GET', uri: `/queries/${jobId}`, qs, timeoutMs: queryMs });
  }
}

/** Numbers that one row of an answer tells as bits. */
const bitsOfRow = 32;

/** The events of a table or view by the numbers that end their ids in `column`, and how many rows those are. */
export async function landed(
  dataset: string,
  table: string,
  column = 'id',
): Promise<{ numbers: Numbers; rows: number }> {
  const numbers = new Numbers();
  let rows = 0;
  const sql = `SELECT DIV(n, ${bitsOfRow}) AS slot, COUNT(*) AS found, BIT_OR(1 << MOD(n, ${bitsOfRow})) AS bits
    FROM (SELECT CAST(REGEXP_EXTRACT(${column}, r'[0-9]+$') AS INT64) AS n FROM \`${dataset}.${table}\`) GROUP BY slot`;
  for await (const [slot, found, bits] of rowsOf(sql)) {
    rows += Number(found);
    for (let bit = 0; bit < bitsOfRow; bit++)
      if ((Number(bits) >>> bit) & 1) numbers.add(Number(slot) * bitsOfRow + bit);
  }
  return { numbers, rows };
}

/** How many different ids lie in these tables, each counted once a table. */
export async function idsIn(dataset: string, tables: readonly string[]): Promise<number> {
  const counts = tables.map(table => `SELECT COUNT(DISTINCT id) AS n FROM \`${dataset}.${table}\``);
  let ids = 0;
  for await (const [count] of rowsOf(`SELECT SUM(n) AS n FROM (${counts.join(' UNION ALL ')})`)) ids += Number(count);
  return ids;
}

/** How many rows a table has. */
export async function rowsIn(dataset: string, table: string): Promise<number> {
  for await (const [count] of rowsOf(`SELECT COUNT(*) AS n FROM \`${dataset}.${table}\``)) return Number(count);
  return 0;
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
