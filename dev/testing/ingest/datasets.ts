/** What tests of the loader share: a dataset of their own, rows on their way to it, and what its tables hold. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach } from 'vitest';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { typeOfJson } from '@/lib/warehouse/ingest/evolve/values';
import type { NewChunk, TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';
import { ingestChunks, ingestDeadRows, ingestLoads, ingestTables } from '@/lib/warehouse/ingest/tables';

export type TestRow = { id: string; [column: string]: unknown };
type PutOptions = { mode?: TableMode; customerId?: string };

const base = (name: string, type: ColumnType) => ({ name, type, description: `The column ${name} of a test.` });

/** A log of tables whose base is an id and its times. */
export const testDefinition = (managesTables = true): EvolvingTables => ({
  log: 'events',
  versionsOf: tableName => [`source.${tableName}`],
  specOf: () => ({
    description: 'A table of a test.',
    columns: [
      base('id', 'STRING'),
      base('received_at', 'TIMESTAMP'),
      base('timestamp', 'TIMESTAMP'),
      base('loaded_at', 'TIMESTAMP'),
    ],
    clustering: ['id'],
  }),
  managesTables: () => managesTables,
});

function typesOf(rows: readonly TestRow[]): Record<string, ColumnType[]> {
  const types: Record<string, ColumnType[]> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const type = typeOfJson(JSON.stringify(value));
      const known = types[name] ?? [];
      if (type && !known.includes(type)) types[name] = [...known, type];
    }
  }
  return types;
}

/** A dataset of each test's own, dropped after the last one. */
export function withIngestDatasets(prefix: string) {
  const made: string[] = [];
  const dataset = () => made.at(-1) ?? '';
  beforeEach(() => void made.push(`${prefix}_${randomText(8)}`));
  afterAll(async () => {
    const drop = (name: string) =>
      bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${name}`, qs: { deleteContents: true } });
    await Promise.allSettled(made.map(drop));
  });
  const receivedAt = new Date().toISOString();
  const chunkOf = (tableName: string, given: readonly TestRow[], { mode, customerId }: PutOptions): NewChunk => {
    const rows = given.map(row => ({ received_at: receivedAt, ...row }));
    return {
      dataset: dataset(),
      tableName,
      log: 'events',
      chunkId: newId('chk'),
      customerId: customerId ?? 'cus_of_a_test',
      mode: mode ?? 'append',
      columns: typesOf(rows),
      ndjson: rows.map(row => `${JSON.stringify(row)}\n`).join(''),
      rows: rows.length,
    };
  };
  return {
    dataset,
    /** Puts rows in line, each list as a chunk, as a consumer hands them on. */
    put: (tableName: string, chunks: readonly TestRow[][], options: PutOptions = {}) =>
      db().transaction(tx =>
        writeChunks(
          tx,
          chunks.map(rows => chunkOf(tableName, rows, options)),
        ),
      ),
    /** Rows of the table itself, in the order of their ids. */
    rows: async (tableName: string, columns = 'id') => {
      const sql = `SELECT ${columns} FROM \`${dataset()}.${tableName}\` ORDER BY id`;
      return (await runStatement({ name: 'test/rows', sql })).rows;
    },
    loads: () =>
      db().select().from(ingestLoads).where(eq(ingestLoads.dataset, dataset())).orderBy(ingestLoads.startedAt),
    chunks: () => db().select().from(ingestChunks).where(eq(ingestChunks.dataset, dataset())),
    tables: () => db().select().from(ingestTables).where(eq(ingestTables.dataset, dataset())),
    dead: () => db().select().from(ingestDeadRows).where(eq(ingestDeadRows.dataset, dataset())),
  };
}

/** Rows with ids `<prefix>0`, `<prefix>1` … */
export const testRows = (count: number, prefix = 'r', more: object = {}): TestRow[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, n: index, ...more }));
