/** Rows of the spool on their way into the local BigQuery, beside the same text sent by bare load jobs. */
import type { Line } from '@/dev/bench/report';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { db } from '@/lib/platform/db';
import { newId, newUuid, randomText } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';

const chunkRows = 1_000;
const chunksOfOne = 200;
/** The local BigQuery reads the rows of a stream in Python, one by one. */
const chunksOfStream = 50;
const tables = 50;
const chunksOfEach = 4;

const types: Record<string, ColumnType> = {
  id: 'STRING',
  received_at: 'TIMESTAMP',
  timestamp: 'TIMESTAMP',
  user_id: 'STRING',
  event: 'STRING',
  context_page_path: 'STRING',
  order_id: 'STRING',
  total: 'FLOAT64',
  currency: 'STRING',
  items: 'STRING',
  is_first: 'BOOL',
  position: 'INT64',
  loaded_at: 'TIMESTAMP',
};

const definition: EvolvingTables = {
  log: 'events',
  versionsOf: tableName => [`source.${tableName}`],
  specOf: () => ({
    description: 'A table of the bench.',
    columns: Object.entries(types).map(([name, type]) => ({ name, type, description: `Column ${name}.` })),
    clustering: ['id'],
  }),
  managesTables: () => true,
};

const columns = Object.fromEntries(
  Object.entries(types)
    .filter(([name]) => name !== 'loaded_at')
    .map(([name, type]) => [name, [type]]),
);

function rowsOf(count: number): string {
  const at = new Date().toISOString();
  const row = (index: number) => ({
    id: newUuid(),
    received_at: at,
    timestamp: at,
    user_id: `user-${index % 997}`,
    event: 'order_completed',
    context_page_path: `/shop/${index}`,
    order_id: newUuid(),
    total: index / 7 + 0.1,
    currency: 'EUR',
    items: '["a","b"]',
    is_first: index % 2 === 0,
    position: index,
  });
  return Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join('');
}

const chunkOf = (dataset: string, tableName: string): NewChunk => ({
  chunkId: newId('chk'),
  log: 'events',
  dataset,
  tableName,
  customerId: 'bench',
  mode: 'append',
  columns,
  ndjson: rowsOf(chunkRows),
  rows: chunkRows,
});

/** Writes the chunks, then loads them; answers rows a second of the loading alone. */
async function loaded(dataset: string, names: readonly string[], sink: Sink = 'load_job'): Promise<number> {
  await db().transaction(tx =>
    writeChunks(
      tx,
      names.map(name => chunkOf(dataset, name)),
    ),
  );
  const startedMs = performance.now();
  const { rows, failures } = await loadOnce(
    { bigquery: bigquery(), definitions: [definition], sink },
    { datasets: [dataset] },
  );
  if (failures.length > 0 || rows !== names.length * chunkRows) throw failures[0]?.error ?? new Error(`${rows} rows`);
  return (rows * 1_000) / (performance.now() - startedMs);
}

/** The floor: the same number of rows by one load job after another into a table that is there. */
async function bareLoads(dataset: string): Promise<number> {
  const fields = Object.entries(types).map(([name, type]) => ({ name, type }));
  const tableReference = { projectId: bigquery().projectId, datasetId: dataset, tableId: 'bare' };
  const json = { tableReference, schema: { fields } };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: `/datasets/${dataset}/tables`, json });
  const ndjson = rowsOf(50_000);
  const startedMs = performance.now();
  for (let load = 0; load < 4; load++)
    await runLoadJob({ jobId: newId('bench'), dataset, table: 'bare', fields, ndjson }, bigquery());
  return 200_000_000 / (performance.now() - startedMs);
}

/** Lines of the table; on the database of the environment. */
export async function loadingLines(): Promise<Line[]> {
  const dataset = `bench_load_${randomText(6)}`;
  try {
    const one = await loaded(
      dataset,
      Array.from({ length: chunksOfOne }, () => 'orders'),
    );
    const bare = await bareLoads(dataset);
    const streamed = await loaded(
      dataset,
      Array.from({ length: chunksOfStream }, () => 'streamed'),
      'stream',
    );
    const many = await loaded(
      dataset,
      Array.from({ length: tables * chunksOfEach }, (_, index) => `table_${index % tables}`),
    );
    return [
      { what: 'bare load jobs of 50,000 rows', value: bare, unit: '/s' },
      {
        what: `loader, ${chunksOfOne} chunks of ${chunkRows} rows into a new table`,
        value: one,
        unit: '/s',
        budget: { atLeast: 20_000 },
        ratio: `${(one / bare).toFixed(2)} of bare load jobs`,
      },
      {
        what: `loader by streams, ${chunksOfStream} chunks of ${chunkRows} rows into a new table`,
        value: streamed,
        unit: '/s',
        ratio: `${(streamed / one).toFixed(2)} of load jobs`,
      },
      { what: `loader, ${tables} new tables of ${chunksOfEach * chunkRows} rows`, value: many, unit: '/s' },
    ];
  } finally {
    const qs = { deleteContents: true };
    await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs }).catch(() => undefined);
  }
}
