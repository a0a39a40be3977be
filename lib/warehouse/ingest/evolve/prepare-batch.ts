/** Brings a table to what a batch of rows needs, and the rows to what the table takes. Source: docs/architecture.md, Ingest. */
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { type Clock, systemClock } from '@/lib/platform/clock';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { type FitChunk, fitRows } from '@/lib/warehouse/ingest/evolve/fit-rows';
import { forgetSchema, keptSchema, type LiveSchema, readSchema } from '@/lib/warehouse/ingest/evolve/live-schema';
import { type EvolveLimits, evolveLimits, managedSchema } from '@/lib/warehouse/ingest/evolve/managed-schema';
import { type Prepared, RowsRefused, TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { compareColumns, noteColumns } from '@/lib/warehouse/ingest/evolve/registry';
import type { TableMode, Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';

export type BatchChunk = FitChunk & { chunkId: string };
export type BatchTarget = Target & { mode: TableMode };
export type PrepareDeps = { client?: BigQuery; clock?: Clock; limits?: Partial<EvolveLimits> };

/** The types seen of each column, in the order in which they came. */
function typesSeen(chunks: readonly FitChunk[]): Map<string, ColumnType[]> {
  const seen = new Map<string, ColumnType[]>();
  for (const { columns } of chunks) {
    for (const [name, types] of Object.entries(columns)) {
      const known = seen.get(name) ?? [];
      seen.set(name, [...known, ...types.filter(type => !known.includes(type))]);
    }
  }
  return seen;
}

/** The schema of a table that people manage; nothing is made. Throws RowsRefused with BigQuery’s words where there is none. */
export async function handMadeSchema(client: BigQuery, target: Target, clock: Clock): Promise<LiveSchema> {
  const kept = keptSchema(target, clock);
  if (kept) return kept;
  const live = await readSchema(client, target, clock);
  if (typeof live === 'string') throw new RowsRefused(live);
  const found = await compareColumns(target, live.fields);
  if (found) await noteColumns(target, found, new Set(live.fields.map(({ name }) => name)), clock);
  return live;
}

type Batch = { client: BigQuery; clock: Clock; target: Target; chunks: readonly BatchChunk[] };

/** What does not fit is looked at once more with the table as it is now: somebody may just have made the column. */
async function fitByHand({ client, clock, target, chunks }: Batch): Promise<Prepared> {
  const fitTo = ({ fields }: LiveSchema): Prepared => ({
    target,
    fields: [...fields],
    ...fitRows(chunks, { fields, leftOut: new Map(), misfits: 'refuse' }),
  });
  const kept = keptSchema(target, clock);
  const prepared = fitTo(kept ?? (await handMadeSchema(client, target, clock)));
  if (!kept || prepared.refused.length === 0) return prepared;
  forgetSchema(target);
  return fitTo(await handMadeSchema(client, target, clock));
}

/**
 * Makes dataset, table, view and columns as far as the definition manages them, and answers the rows as the table takes them.
 * The caller holds the table's lock, records the discards with the load (recordDiscards) and adds `loaded_at`.
 * Throws TableBlocked or RowsRefused with BigQuery's words, BigQueryUnavailableError when it is away.
 */
export async function prepareBatch(
  definition: EvolvingTables,
  { dataset, tableName, mode }: BatchTarget,
  chunks: readonly BatchChunk[],
  deps: PrepareDeps = {},
): Promise<Prepared> {
  const { client = bigquery(), clock = systemClock } = deps;
  const target = { dataset, tableName };
  const limits = { ...evolveLimits(), ...deps.limits };
  try {
    if (!definition.managesTables()) return await fitByHand({ client, clock, target, chunks });
    const managed = { client, clock, definition, target, mode, limits };
    const { fields, leftOut } = await managedSchema(managed, typesSeen(chunks));
    return { target, fields: [...fields], ...fitRows(chunks, { fields, leftOut, misfits: 'discard' }) };
  } catch (error) {
    if (error instanceof BigQueryStatementError) throw new TableBlocked(error.message, { cause: error });
    throw error;
  }
}
