/** Rows that BigQuery refuses: set aside with its words, and put back in line when somebody asks for it. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { eachCell, linesOf, textsOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import { typeOfJson } from '@/lib/warehouse/ingest/evolve/values';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import type { NewChunk, Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import { ingestDeadRows, ingestTables } from '@/lib/warehouse/ingest/tables';

/** Rows that one call of a person puts back. */
const mostReplayed = 100;

export const deadRowIdsInput = z
  .array(z.string().regex(/^[\w-]{1,80}$/, 'This is not the id of a row.'))
  .min(1, 'Name the rows.')
  .max(mostReplayed, `Name at most ${mostReplayed} rows.`);

/** Rows of one statement. */
const atOnce = 2_000;
const longestError = 2_000;

export type DeadRow = { rowId: string; row: string; error: string };

/** The row's own id; '' where it has none, and of rows with objects or lists in them, which only fixed tables have. */
function idOf(row: string): string {
  try {
    return textsOf(row, 'id')[0] ?? '';
  } catch {
    return '';
  }
}

/** The rows of a text as they are set aside for one reason. */
export const deadRowsOf = (ndjson: string, error: string): DeadRow[] =>
  [...linesOf(ndjson)].map(row => ({ rowId: idOf(row), row, error }));

/** Sets rows aside, in the transaction that takes them out of their chunks. */
export async function setAside(tx: Tx, target: Target, loadId: string, rows: readonly DeadRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += atOnce) {
    const some = rows.slice(at, at + atOnce);
    await tx.execute(sql`
      INSERT INTO ingest_dead_rows (dead_row_id, dataset, table_name, row_id, row, error, load_id)
      SELECT dead_row_id, ${target.dataset}, ${target.tableName}, row_id, row, error, ${loadId}
      FROM unnest(${sql.param(some.map(() => newId('dead')))}::text[], ${sql.param(some.map(({ rowId }) => rowId))}::text[],
        ${sql.param(some.map(({ row }) => row))}::text[],
        ${sql.param(some.map(({ error }) => error.slice(0, longestError)))}::text[]) AS rows(dead_row_id, row_id, row, error)`);
  }
}

/** Types of the values that the rows have, by column. */
function typesOf(rows: readonly string[]): NewChunk['columns'] {
  const types: Record<string, ColumnType[]> = {};
  for (const row of rows) {
    eachCell(row, (name, json) => {
      const type = typeOfJson(json);
      const known = types[name] ?? [];
      if (type !== null && !known.includes(type)) types[name] = [...known, type];
    });
  }
  return types;
}

async function chunkOf(tx: Tx, target: Target, rows: readonly string[]): Promise<NewChunk> {
  const ofTarget = and(eq(ingestTables.dataset, target.dataset), eq(ingestTables.tableName, target.tableName));
  const [table] = await tx.select().from(ingestTables).where(ofTarget);
  if (!table) throw new Error(`the table ${target.dataset}.${target.tableName} is not known`);
  const { customerId, mode } = table;
  const ndjson = rows.map(row => `${row}\n`).join('');
  const log = table.log as LogName;
  const columns = mode === 'keyed' ? {} : typesOf(rows);
  return { ...target, chunkId: newId('chk'), log, customerId, mode, columns, ndjson, rows: rows.length };
}

/**
 * Puts rows that were set aside back in line, each once; answers how many. Those that do not lie in the dataset or were put
 * back before are passed over. What BigQuery refuses again is set aside again, as a new entry.
 */
export async function replayDeadRows(tx: Tx, dataset: string, deadRowIds: readonly string[]): Promise<number> {
  const rows = await tx
    .update(ingestDeadRows)
    .set({ replayedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(ingestDeadRows.dataset, dataset),
        inArray(ingestDeadRows.deadRowId, [...deadRowIds]),
        isNull(ingestDeadRows.replayedAt),
      ),
    )
    .returning();
  const chunks: NewChunk[] = [];
  for (const [tableName, ofTable] of Map.groupBy(rows, row => row.tableName)) {
    const texts = ofTable.map(({ row }) => row);
    chunks.push(await chunkOf(tx, { dataset, tableName }, texts));
  }
  await writeChunks(tx, chunks);
  return rows.length;
}

/** As replayDeadRows, for rows that a person names. AppError not_found in the words of `unknown`, where none was set aside in the dataset. */
export async function replayNamedRows(
  tx: Tx,
  dataset: string,
  deadRowIds: readonly string[],
  unknown: string,
): Promise<number> {
  const replayed = await replayDeadRows(tx, dataset, deadRowIds);
  if (replayed > 0) return replayed;
  const named = and(eq(ingestDeadRows.dataset, dataset), inArray(ingestDeadRows.deadRowId, [...deadRowIds]));
  if ((await tx.$count(ingestDeadRows, named)) === 0) throw new AppError('not_found', unknown);
  return 0;
}
