/** Rows of traces that tests know by name, and files of them as they are written to BigQuery. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceRow } from '@/dev/testing/traces/rows';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { fileColumns } from '@/lib/domains/traces/parquet/columns';
import type { Days } from '@/lib/domains/traces/parquet/partition';
import { RowFile } from '@/lib/domains/traces/parquet/row-groups/row-file';
import { newGroupMemory, RowGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';

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
  const file = new RowFile(join(folder, 'rows.parquet'));
  const group = new RowGroup(fileColumns);
  for (const row of rows) group.add(row, row);
  try {
    await file.add(group.write(newGroupMemory()));
    return await work(await file.finish());
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
