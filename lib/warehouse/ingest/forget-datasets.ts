/** Forgets all that the ingest keeps of datasets whose owner is erased. Source: docs/architecture.md, Ending an organization. */
import { type SQL, sql } from 'drizzle-orm';
import { type Db, db, type Tx } from '@/lib/platform/db';
import type { LogName } from '@/lib/warehouse/ingest/log/log';

/** Rows that go with one statement, so that none runs into its time-out. */
const stepRows = 5_000;

/** What may be long, the dependent rows first; each is found by the datasets. */
const longTables: { name: string; which: (datasets: SQL) => SQL }[] = [
  {
    name: 'ingest_chunk_bodies',
    which: datasets => sql`chunk_id IN (SELECT chunk_id FROM ingest_chunks WHERE dataset = ANY (${datasets}))`,
  },
  {
    name: 'ingest_discarded_values',
    which: datasets => sql`discard_id IN (SELECT discard_id FROM ingest_discards WHERE dataset = ANY (${datasets}))`,
  },
  { name: 'ingest_chunks', which: datasets => sql`dataset = ANY (${datasets})` },
  { name: 'ingest_loads', which: datasets => sql`dataset = ANY (${datasets})` },
  { name: 'ingest_dead_rows', which: datasets => sql`dataset = ANY (${datasets})` },
];
const shortTables = ['ingest_discards', 'ingest_columns', 'ingest_schema_changes', 'ingest_rewrites', 'ingest_tables'];

/** Deletes in small steps what `which` is true of; answers how many rows. */
export async function deleteInSteps(table: string, which: SQL): Promise<number> {
  let all = 0;
  for (let gone = stepRows; gone === stepRows; all += gone) {
    const answer = await db().execute(sql`
      DELETE FROM ${sql.identifier(table)} WHERE (tableoid, ctid) IN (
        SELECT tableoid, ctid FROM ${sql.identifier(table)} WHERE ${which} LIMIT ${stepRows})`);
    gone = answer.rowCount ?? 0;
  }
  return all;
}

/** Empties the long tables of these datasets, and the log of these keys, before the transaction that forgets the rest. */
export async function emptyDatasets(log: LogName, keys: readonly string[], datasets: readonly string[]): Promise<void> {
  await deleteInSteps('ingest_log', sql`log = ${log} AND key = ANY (${sql.param(keys)}::text[])`);
  for (const { name, which } of longTables) await deleteInSteps(name, which(sql`${sql.param(datasets)}::text[]`));
}

/** Deletes what the ingest knows of these datasets. Answers how many rows, by table. */
export async function forgetDatasets(tx: Tx | Db, datasets: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const names = sql`${sql.param(datasets)}::text[]`;
  const all = [...longTables, ...shortTables.map(name => ({ name, which: () => sql`dataset = ANY (${names})` }))];
  for (const { name, which } of all) {
    const gone = await tx.execute(sql`DELETE FROM ${sql.identifier(name)} WHERE ${which(names)}`);
    if (gone.rowCount) counts[name] = gone.rowCount;
  }
  return counts;
}
