/** Writes down what a batch was loaded without: how often, an example, and the values themselves for a replay. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Clock, systemClock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { keptDiscardedValues } from '@/lib/warehouse/ingest/evolve/fit-rows';
import type { Discard, Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { slices } from '@/lib/warehouse/ingest/evolve/slices';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestDiscardedValues, ingestDiscards } from '@/lib/warehouse/ingest/tables';

/** Discards that a table may have, so that one release with endless names does not fill Postgres; the rest is counted together. */
const mostDiscards = 2_000;
export const otherColumns = '(other)';
const exampleSigns = 200;

type Path = Pick<Discard, 'column' | 'reason' | 'valueType'>;
const keyOf = ({ column, reason, valueType }: Path) => `${column} ${reason} ${valueType}`;
const pathOf = {
  column: ingestDiscards.columnName,
  reason: ingestDiscards.reason,
  valueType: ingestDiscards.valueType,
};
const ofTable = ({ dataset, tableName }: Target) =>
  and(eq(ingestDiscards.dataset, dataset), eq(ingestDiscards.tableName, tableName));

/** Start of the value as people read it; Postgres takes no NUL. */
export function exampleOf(json: string): string {
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  return [...text.slice(0, exampleSigns * 2).replaceAll('\0', '')].slice(0, exampleSigns).join('');
}

/** Those of paths that the table has no room for become one of all other columns, without values. */
async function withinRoom(tx: Tx, target: Target, discards: readonly Discard[]): Promise<Discard[]> {
  const known = await tx.select(pathOf).from(ingestDiscards).where(ofTable(target));
  const keys = new Set(known.map(keyOf));
  let room = mostDiscards - keys.size;
  const kept = new Map<string, Discard>();
  for (const discard of discards) {
    const fits = keys.has(keyOf(discard)) || room-- > 0;
    const own = fits
      ? discard
      : { ...discard, column: otherColumns, columnType: null, values: discard.values.slice(0, 1) };
    const same = kept.get(keyOf(own));
    if (same) same.count += own.count;
    else kept.set(keyOf(own), { ...own });
  }
  return [...kept.values()];
}

type Stored = Path & { discardId: string; count: number };

async function upsert(tx: Tx, target: Target, discards: readonly Discard[], at: Date): Promise<Stored[]> {
  return tx
    .insert(ingestDiscards)
    .values(
      discards.map(({ column, reason, valueType, columnType, values }) => ({
        ...target,
        discardId: newId('dis'),
        columnName: column,
        reason,
        valueType,
        columnType,
        example: exampleOf(values.at(-1)?.value ?? ''),
        count: 0,
        firstAt: at,
        lastAt: at,
      })),
    )
    .onConflictDoUpdate({
      target: [
        ingestDiscards.dataset,
        ingestDiscards.tableName,
        ingestDiscards.columnName,
        ingestDiscards.reason,
        ingestDiscards.valueType,
      ],
      set: { lastAt: at, example: sql`excluded.example`, columnType: sql`excluded.column_type` },
    })
    .returning({ ...pathOf, discardId: ingestDiscards.discardId, count: ingestDiscards.count });
}

/** How many more values each discard may keep. */
async function roomFor(tx: Tx, stored: readonly Stored[]): Promise<(discard: Stored) => number> {
  const full = stored.filter(({ count }) => count >= keptDiscardedValues).map(({ discardId }) => discardId);
  const counted = await tx
    .select({ discardId: ingestDiscardedValues.discardId, kept: sql<number>`count(*)::int` })
    .from(ingestDiscardedValues)
    .where(inArray(ingestDiscardedValues.discardId, full))
    .groupBy(ingestDiscardedValues.discardId);
  const kept = new Map(counted.map(row => [row.discardId, row.kept]));
  return ({ discardId, count }) =>
    keptDiscardedValues - (count < keptDiscardedValues ? count : (kept.get(discardId) ?? 0));
}

const instantOr = (text: string, otherwise: Date): Date => {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? otherwise : instant;
};

async function keepValues(tx: Tx, discards: ReadonlyMap<string, Discard>, stored: readonly Stored[], at: Date) {
  const room = await roomFor(tx, stored);
  const uncounted = new Map<string, number>();
  const rows = stored.flatMap(discard => {
    const { count, values, column } = discards.get(keyOf(discard)) as Discard;
    const kept = column === otherColumns ? [] : values.slice(0, Math.max(0, room(discard)));
    uncounted.set(discard.discardId, count - kept.length);
    return kept.map(({ rowId, receivedAt, value }) => ({
      discardId: discard.discardId,
      rowId,
      // A row whose own instant was discarded is not found by a replay, but is counted.
      receivedAt: instantOr(receivedAt, at),
      value,
      discardedAt: at,
    }));
  });
  for (const values of slices(rows)) {
    const written = await tx
      .insert(ingestDiscardedValues)
      .values(values)
      .onConflictDoNothing()
      .returning({ discardId: ingestDiscardedValues.discardId });
    for (const { discardId } of written) uncounted.set(discardId, (uncounted.get(discardId) ?? 0) + 1);
  }
  return uncounted;
}

/**
 * Counts what was discarded and keeps the values, at most keptDiscardedValues a discard. A value that is kept already (the same
 * row, prepared again after a crash) counts once. Call it in the transaction that writes the load's manifest, or in the one that settles it.
 */
export async function recordDiscards(
  tx: Tx,
  { target, discards }: Pick<Prepared, 'target' | 'discards'>,
  clock: Clock = systemClock,
): Promise<void> {
  if (discards.length === 0) return;
  const at = clock();
  const kept = await withinRoom(tx, target, discards);
  const byKey = new Map(kept.map(discard => [keyOf(discard), discard]));
  for (const some of slices(kept)) {
    const stored = await upsert(tx, target, some, at);
    const added = await keepValues(tx, byKey, stored, at);
    const [ids, counts] = [[...added.keys()], [...added.values()]];
    await tx.execute(sql`
      UPDATE ingest_discards SET count = ingest_discards.count + added.count
        FROM unnest(${sql.param(ids)}::text[], ${sql.param(counts)}::bigint[]) AS added (discard_id, count)
       WHERE ingest_discards.discard_id = added.discard_id`);
  }
}
