/** Rows of traces for tests, and files of them as an import writes them. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetColumns } from '@/lib/domains/traces/load/columns';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { documentCostUsd } from '@/lib/domains/traces/rules';

/** A row of the day; those of one name are one request. */
export function namedRow(name: string, given: Partial<PricedRow> = {}): PricedRow {
  const day = given.event_date ?? '2026-03-01';
  const [tokensIn, tokensOut] = [given.tokens_in ?? 250, given.tokens_out ?? 150];
  const model = given.model === undefined ? 'openai/gpt-4o' : given.model;
  return {
    session_id: `session ${name}`,
    developer_id: 'ann@example.com',
    timestamp: `${day}T10:00:00.123456+00:00`,
    model,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    latency_ms: 1234.5,
    status_code: 200,
    accepted_flag: 0,
    repo_slug: 'acme/shop',
    event_date: day,
    total_tokens: tokensIn + tokensOut,
    cost_usd: documentCostUsd(model, tokensIn, tokensOut),
    diff_ratio: null,
    accepted_lines: null,
    trace_hash: createHash('sha1').update(name).digest('hex'),
    source: 'document',
    provider: 'openai',
    operation: 'chat',
    trace_id: null,
    span_id: null,
    branch: null,
    team: null,
    tags: null,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0,
    reported_cost_usd: null,
    from_cache: false,
    is_stream: false,
    first_token_ms: null,
    error_code: null,
    error_message: null,
    timestamp_assumed: false,
    received_at: `${day}T10:00:01.000Z`,
    book_cost_usd: null,
    price_id: null,
    ...given,
  };
}

const duckTypes: Record<string, string> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  TIMESTAMP: 'TIMESTAMPTZ',
};

/** Writes the rows as one Parquet file, and lends it to `work`. */
export async function withParquet<Result>(
  rows: readonly PricedRow[],
  work: (parquetFile: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'traces-'));
  const [json, parquetFile] = [join(folder, 'rows.ndjson'), join(folder, 'rows.parquet')];
  const columns = parquetColumns.map(({ name, type }) => `'${name}': '${duckTypes[type] ?? type}'`);
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  try {
    await writeFile(json, rows.map(row => `${JSON.stringify(row)}\n`).join(''));
    const read = `read_json('${json}', format='newline_delimited', columns={${columns.join(', ')}})`;
    await connection.run(`COPY (SELECT * FROM ${read}) TO '${parquetFile}' (FORMAT parquet)`);
    return await work(parquetFile);
  } finally {
    connection.closeSync();
    duckdb.closeSync();
    await rm(folder, { recursive: true });
  }
}
