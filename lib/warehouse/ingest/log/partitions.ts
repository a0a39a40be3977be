/** Partitions by hour or day of tables that machines fill: made ahead, and dropped without keeping writers waiting. UTC. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { lockSpaces } from '@/lib/kernel/locks';
import { floorTo } from '@/lib/platform/clock';
import { db, pool, type Tx } from '@/lib/platform/db';
import { isLockTimeout } from '@/lib/platform/errors';

/** A table PARTITION BY RANGE of one instant, with a default partition `<table>_default` that takes what has no other. */
export type PartitionedTable = { table: string; column: string; step: 'hour' | 'day' };

/** Holds rows from `from` until before `to`. */
export type Partition = { name: string; from: Date; to: Date };

/** The log itself: by hour of when an entry was appended. */
export const logPartitions: PartitionedTable = { table: 'ingest_log', column: 'appended_at', step: 'hour' };

const stepMs = { hour: 3_600_000, day: 86_400_000 } as const;
/** Steps beyond the current one that have their partition early. */
const stepsAhead = 3;

/** A waiting ACCESS EXCLUSIVE lock holds up all who come after it, so it is waited for this long and then asked for anew. */
const dropLockMs = 50;
const dropTries = 10;

const digitsOf = { hour: 13, day: 10 } as const;
const nameOf = ({ table, step }: PartitionedTable, from: Date) =>
  `${table}_${from.toISOString().slice(0, digitsOf[step]).replaceAll(/\D/g, '_')}`;

function partitionAt(of: PartitionedTable, at: Date): Partition {
  const from = floorTo(at, stepMs[of.step]);
  return { name: nameOf(of, from), from, to: new Date(from.getTime() + stepMs[of.step]) };
}

/** The start that a partition's name tells; null for the default one. */
function startIn(name: string, { table }: PartitionedTable): Date | null {
  const [year, month, day, hour = '00'] = name.slice(table.length + 1).split('_');
  const start = new Date(`${year}-${month}-${day}T${hour}:00:00Z`);
  return Number.isNaN(start.getTime()) ? null : start;
}

/** The partitions there are, the oldest first; the default one is none of them. */
export async function listPartitions(of: PartitionedTable): Promise<Partition[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = $1::regclass ORDER BY relname`,
    [of.table],
  );
  return rows.flatMap(({ name }) => {
    const start = startIn(name, of);
    return start === null ? [] : [partitionAt(of, start)];
  });
}

async function hasStrays({ table }: PartitionedTable): Promise<boolean> {
  const { rows } = await pool().query<{ strays: boolean }>(`SELECT EXISTS (SELECT FROM ${table}_default) AS strays`);
  return rows[0]?.strays === true;
}

/** Where the rows of the default partition belong. Nobody reads or writes the table until `tx` ends. */
async function placesOfStrays(tx: Tx, of: PartitionedTable): Promise<Partition[]> {
  // A reader that had chosen its partitions before would miss rows that move; so none is under way.
  await tx.execute(sql.raw(`LOCK TABLE ${of.table} IN ACCESS EXCLUSIVE MODE`));
  const starts = await tx.execute<{ start_ms: string }>(
    sql.raw(
      `SELECT DISTINCT extract(epoch FROM date_trunc('${of.step}', ${of.column}, 'UTC')) * 1000 AS start_ms FROM ${of.table}_default`,
    ),
  );
  return starts.rows.map(({ start_ms }) => partitionAt(of, new Date(Number(start_ms))));
}

/** Makes one and brings the rows of the default partition that belong into it; false where it is there already. */
async function makePartition(tx: Tx, { table, column }: PartitionedTable, { name, from, to }: Partition) {
  const { rows } = await tx.execute<{ there: boolean }>(sql`SELECT to_regclass(${name}) IS NOT NULL AS there`);
  if (rows[0]?.there) return false;
  const [start, end] = [from.toISOString(), to.toISOString()];
  await tx.execute(sql.raw(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`));
  await tx.execute(
    sql.raw(
      `WITH moved AS (DELETE FROM ${table}_default WHERE ${column} >= '${start}' AND ${column} < '${end}' RETURNING *)
       INSERT INTO ${name} TABLE moved`,
    ),
  );
  await tx.execute(sql.raw(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${start}') TO ('${end}')`));
  return true;
}

/**
 * Makes the partitions of `now` and of the next three steps, and those of rows that fell into the default one, which it
 * moves there; answers how many it made. Throws Postgres' lock time-out where somebody reads the default one for long.
 */
export async function preparePartitions(of: PartitionedTable, now: Date): Promise<number> {
  const ahead = Array.from({ length: stepsAhead + 1 }, (_, step) =>
    partitionAt(of, new Date(now.getTime() + step * stepMs[of.step])),
  );
  const there = new Set((await listPartitions(of)).map(({ name }) => name));
  const strays = await hasStrays(of);
  if (!strays && ahead.every(({ name }) => there.has(name))) return 0;
  return db().transaction(async tx => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${lockSpaces.ingestPartitions}, hashtext(${of.table}))`);
    await tx.execute(sql`SET LOCAL lock_timeout = '1s'`);
    const places = strays ? await placesOfStrays(tx, of) : [];
    let made = 0;
    for (const place of new Map([...ahead, ...places].map(partition => [partition.name, partition])).values())
      if (await makePartition(tx, of, place)) made += 1;
    return made;
  });
}

/**
 * Drops it in a moment in which nobody is at work in the table, unless `mayGo` says no, which is asked in that moment;
 * `busy` where it did not come.
 */
export async function dropPartition(
  of: PartitionedTable,
  { name }: Partition,
  mayGo: (tx: Tx) => Promise<boolean> = async () => true,
): Promise<'dropped' | 'kept' | 'busy'> {
  for (let left = dropTries; left > 0; left--) {
    try {
      return await db().transaction(async tx => {
        await tx.execute(sql.raw(`SET LOCAL lock_timeout = '${dropLockMs}ms'`));
        await tx.execute(sql.raw(`LOCK TABLE ${of.table} IN ACCESS EXCLUSIVE MODE`));
        if (!(await mayGo(tx))) return 'kept';
        await tx.execute(sql.raw(`DROP TABLE IF EXISTS ${name}`));
        return 'dropped';
      });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      await sleep(dropLockMs * (1 + Math.random()));
    }
  }
  return 'busy';
}

/** Drops all that ended before `before`, as far as readers let it; answers how many went. */
export async function dropPartitionsBefore(of: PartitionedTable, before: Date): Promise<number> {
  let dropped = 0;
  for (const partition of await listPartitions(of)) {
    if (partition.to > before || (await dropPartition(of, partition)) === 'busy') break;
    dropped += 1;
  }
  return dropped;
}
