/** Brings discarded values into their column once it takes them: after a type was fixed, or a person allowed the column. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { openSession } from '@/lib/kernel/lock-session';
import { BigQueryStatementError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { replaySql } from '@/lib/warehouse/ingest/evolve/discards/replay-sql';
import { evolveLimits, managedSchema } from '@/lib/warehouse/ingest/evolve/managed-schema';
import { fieldsByName } from '@/lib/warehouse/ingest/evolve/plan-columns';
import { handMadeSchema, type PrepareDeps } from '@/lib/warehouse/ingest/evolve/prepare-batch';
import type { DiscardReason } from '@/lib/warehouse/ingest/evolve/prepared';
import { RowsRefused, TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { jsonFor, takes } from '@/lib/warehouse/ingest/evolve/values';
import { type TableMode, type Target, tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';
import { ingestDiscardedValues, ingestDiscards, ingestLoads, ingestTables } from '@/lib/warehouse/ingest/tables';

/**
 * `replayed`: all values that are kept are in the table. `partly`: there was no time for all, ask again. `held`: the column still
 * does not take them, for `reason`. `busy`: the table is being loaded, ask again. `gone`: there is no such discard.
 */
export type Replay =
  | { state: 'replayed' | 'partly'; values: number }
  | { state: 'held'; reason: DiscardReason | string }
  | { state: 'busy' | 'gone' };

type Discard = typeof ingestDiscards.$inferSelect;
type Value = typeof ingestDiscardedValues.$inferSelect;
type Table = { target: Target; mode: TableMode; customerId: string };
export type ReplayDeps = PrepareDeps & { withinMs?: number };

/** Values of one statement; the service takes a request of 10 MB. */
const perStatement = { values: 2_000, characters: 3_000_000 };
const lockWithinMs = 5_000;

async function tableOf({ dataset, tableName }: Discard): Promise<Table | null> {
  const [table] = await db()
    .select({ mode: ingestTables.mode, customerId: ingestTables.customerId })
    .from(ingestTables)
    .where(and(eq(ingestTables.dataset, dataset), eq(ingestTables.tableName, tableName)));
  return table ? { target: { dataset, tableName }, ...table } : null;
}

/** Type of the column once it takes the values; a reason where it does not. */
async function columnFor(definition: EvolvingTables, table: Table, discard: Discard, deps: PrepareDeps) {
  const { client = bigquery(), clock = systemClock } = deps;
  const { target, mode } = table;
  const limits = { ...evolveLimits(), ...deps.limits };
  const type = discard.valueType as 'STRING';
  const { fields, leftOut } = definition.managesTables()
    ? await managedSchema({ client, clock, definition, target, mode, limits }, new Map([[discard.columnName, [type]]]))
    : { ...(await handMadeSchema(client, target, clock)), leftOut: new Map<string, DiscardReason>() };
  const field = fieldsByName(fields).get(discard.columnName.toLowerCase());
  if (field && takes(field.type, type) && field.mode !== 'REPEATED') return { column: field };
  return { reason: leftOut.get(discard.columnName) ?? discard.reason };
}

/** The next values, in the order of their partitions; fewer where they are long. */
async function nextValues({ discardId }: Discard): Promise<Value[]> {
  const rows = await db()
    .select()
    .from(ingestDiscardedValues)
    .where(and(eq(ingestDiscardedValues.discardId, discardId), isNull(ingestDiscardedValues.replayedAt)))
    .orderBy(asc(ingestDiscardedValues.receivedAt), asc(ingestDiscardedValues.rowId))
    .limit(perStatement.values);
  let [end, characters] = [0, 0];
  for (; end < rows.length && (end === 0 || characters < perStatement.characters); end++) {
    characters += rows[end]?.value.length ?? 0;
  }
  return rows.slice(0, end);
}

async function replayValues(
  client: BigQuery,
  table: Table & { versions: readonly string[] },
  column: { name: string; type: string },
  values: Value[],
) {
  const items = values.map(({ rowId, value }) => {
    const json = jsonFor(column.type, value);
    return JSON.stringify({ id: rowId, v: json.startsWith('"') ? JSON.parse(json) : json });
  });
  const [lo, hi] = [values[0] as Value, values.at(-1) as Value];
  await runJob(
    {
      jobId: `replay_${newUuid()}`,
      name: 'ingest.replay_discard',
      labels: { dataset: table.target.dataset },
      sql: replaySql(table.target, column, table.mode),
      parameters: {
        items: { type: 'ARRAY<STRING>', value: items },
        ...(table.mode === 'append'
          ? { lo: { type: 'TIMESTAMP', value: lo.receivedAt }, hi: { type: 'TIMESTAMP', value: hi.receivedAt } }
          : {}),
      },
    },
    client,
  );
  await db().transaction(async tx => {
    const ids = values.map(({ rowId }) => rowId);
    await tx
      .update(ingestDiscardedValues)
      .set({ replayedAt: sql`clock_timestamp()` })
      .where(and(eq(ingestDiscardedValues.discardId, lo.discardId), inArray(ingestDiscardedValues.rowId, ids)));
    await raiseTableVersions(tx, table.versions, table.customerId);
  });
}

async function replayAll(
  definition: EvolvingTables,
  table: Table,
  discard: Discard,
  deps: ReplayDeps,
): Promise<Replay> {
  // Rows whose load has no known end may be there or not; the loader settles that first.
  const { dataset, tableName } = table.target;
  const isSending = and(
    eq(ingestLoads.dataset, dataset),
    eq(ingestLoads.tableName, tableName),
    eq(ingestLoads.state, 'SENDING'),
  );
  if ((await db().$count(ingestLoads, isSending)) > 0) return { state: 'busy' };
  const found = await columnFor(definition, table, discard, deps);
  if (!found.column) return { state: 'held', reason: found.reason };
  const versions = definition.versionsOf(tableName);
  const until = Date.now() + (deps.withinMs ?? 20_000);
  let done = 0;
  for (let values = await nextValues(discard); values.length > 0; values = await nextValues(discard)) {
    if (Date.now() > until) return { state: 'partly', values: done };
    await replayValues(deps.client ?? bigquery(), { ...table, versions }, found.column, values);
    done += values.length;
  }
  return { state: 'replayed', values: done };
}

/**
 * Writes the kept values of a discard into the rows that were loaded without them, where the column is still empty, and marks
 * them replayed; done twice it changes nothing more. Makes or widens the column first as far as the limits, or a person, allow.
 * Takes `withinMs` (20 s) and the statement under way at most. Throws BigQueryUnavailableError.
 */
export async function replayDiscard(
  definition: EvolvingTables,
  discardId: string,
  deps: ReplayDeps = {},
): Promise<Replay> {
  const [discard] = await db().select().from(ingestDiscards).where(eq(ingestDiscards.discardId, discardId));
  const table = discard && (await tableOf(discard));
  if (!table) return { state: 'gone' };
  const session = await openSession('ingestTable');
  try {
    const key = tableKey(table.target);
    if (!(await session.lockWithin(key, lockWithinMs))) return { state: 'busy' };
    return await replayAll(definition, table, discard, deps);
  } catch (error) {
    const isRefusal =
      error instanceof TableBlocked || error instanceof RowsRefused || error instanceof BigQueryStatementError;
    if (isRefusal) return { state: 'held', reason: error.message };
    throw error;
  } finally {
    await session.close();
  }
}
