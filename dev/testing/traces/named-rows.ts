/** Rows of traces that tests know by name, and files of them as they are written to BigQuery. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceRow } from '@/dev/testing/traces/rows';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { csvLine, csvOptions } from '@/lib/domains/traces/parquet/columns';
import type { Days } from '@/lib/domains/traces/parquet/partition';
import { literal, withDuckDb } from '@/lib/platform/duckdb';

/** A row of 1 March 2026 unless another `event_date` is given; those of one name are one request. */
export function namedRow(name: string, given: Partial<PricedRow> = {}): PricedRow {
  const day = given.event_date ?? '2026-03-01';
  return traceRow({
    session_id: `session ${name}`,
    timestamp: `${day}T10:00:00.123456+00:00`,
    event_date: day,
    received_at: `${day}T10:00:01.000Z`,
    model: 'openai/gpt-4o',
    provider: 'openai',
    cost_usd: 0.0035,
    book_cost_usd: null,
    trace_hash: createHash('sha1').update(name).digest('hex'),
    ...given,
  });
}

/** Writes rows of different hashes as one Parquet file, and lends it to `work`. */
export async function withParquet<Result>(
  rows: readonly PricedRow[],
  work: (parquetFile: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'traces-'));
  const [csv, parquetFile] = [join(folder, 'rows.csv'), join(folder, 'rows.parquet')];
  try {
    await writeFile(csv, rows.map(row => csvLine(row, row)).join(''));
    await withDuckDb({ folder }, async database => {
      const read = `SELECT * FROM read_csv(${literal(csv)}, ${csvOptions})`;
      await database.run(`COPY (${read}) TO ${literal(parquetFile)} (FORMAT parquet)`);
    });
    return await work(parquetFile);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** From the first of the rows' days to the last. */
export function daysOf(rows: readonly PricedRow[]): Days | null {
  const days = rows.map(row => row.event_date).sort();
  const [lo, hi] = [days[0], days.at(-1)];
  return lo && hi ? { lo, hi } : null;
}
