/** What Postgres knows of the columns and their history: brought to what BigQuery has whenever a table was read or changed. */
import { and, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { slices } from '@/lib/warehouse/ingest/evolve/slices';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestColumns, ingestDiscards, ingestSchemaChanges } from '@/lib/warehouse/ingest/tables';

type Change = typeof ingestSchemaChanges.$inferInsert;
type Known = { columnName: string; type: string };

const columnsOf = (target: Target) =>
  and(eq(ingestColumns.dataset, target.dataset), eq(ingestColumns.tableName, target.tableName));

/** What differs between the known columns and those the table has; null where nothing does. */
function differences(known: readonly Known[], fields: readonly LoadField[]) {
  const types = new Map(known.map(({ columnName, type }) => [columnName, type]));
  const live = new Set(fields.map(field => field.name));
  const added = fields.filter(field => !types.has(field.name));
  const changed = fields.filter(({ name, type }) => types.has(name) && types.get(name) !== type);
  const gone = known.filter(({ columnName }) => !live.has(columnName)).map(({ columnName }) => columnName);
  const isSame = added.length + changed.length + gone.length === 0;
  return isSame ? null : { added, changed, gone, types };
}
export type Differences = NonNullable<ReturnType<typeof differences>>;

/** Compares what is known of the table with what it has. */
export async function compareColumns(target: Target, fields: readonly LoadField[]): Promise<Differences | null> {
  const known = await db()
    .select({ columnName: ingestColumns.columnName, type: ingestColumns.type })
    .from(ingestColumns)
    .where(columnsOf(target));
  return differences(known, fields);
}

const isRewrite = (from: string | undefined, to: string) => to === 'STRING' && from !== 'STRING';

function changesOf(target: Target, found: Differences, base: ReadonlySet<string>, changedAt: Date): Change[] {
  const change = (kind: Change['kind'], columnName: string | null, fromType: string | null, toType: string | null) => ({
    ...target,
    changeId: newId('chg'),
    kind,
    columnName,
    fromType,
    toType,
    changedAt,
  });
  const isNew = found.types.size === 0;
  const added = isNew ? found.added.filter(field => !base.has(field.name)) : found.added;
  return [
    ...(isNew ? [change('table_created', null, null, null)] : []),
    ...added.map(field => change('column_added', field.name, null, field.type)),
    ...found.changed.map(({ name, type }) => {
      const from = found.types.get(name);
      return change(isRewrite(from, type) ? 'table_rewritten' : 'column_widened', name, from ?? null, type);
    }),
  ];
}

/** Writes the differences down, with their history; a table that was not known counts its columns beyond `base` as added. */
export async function noteColumns(
  target: Target,
  found: Differences,
  base: ReadonlySet<string>,
  clock: Clock,
): Promise<void> {
  const at = clock();
  const rows = [...found.added, ...found.changed].map(({ name, type }) => ({
    ...target,
    columnName: name,
    type,
    firstSeenAt: at,
  }));
  await db().transaction(async tx => {
    for (const values of slices(rows)) {
      await tx
        .insert(ingestColumns)
        .values(values)
        .onConflictDoUpdate({
          target: [ingestColumns.dataset, ingestColumns.tableName, ingestColumns.columnName],
          set: { type: sql`excluded.type` },
        });
    }
    for (const names of slices(found.gone)) {
      await tx.delete(ingestColumns).where(and(columnsOf(target), inArray(ingestColumns.columnName, names)));
    }
    for (const values of slices(changesOf(target, found, base, at)))
      await tx.insert(ingestSchemaChanges).values(values);
  });
}

const hourMs = 3_600_000;

/** Columns that were added to the table within the last hour. */
export async function addedWithinHour(target: Target, clock: Clock): Promise<number> {
  return db().$count(
    ingestSchemaChanges,
    and(
      eq(ingestSchemaChanges.dataset, target.dataset),
      eq(ingestSchemaChanges.tableName, target.tableName),
      eq(ingestSchemaChanges.kind, 'column_added'),
      gt(ingestSchemaChanges.changedAt, new Date(clock().getTime() - hourMs)),
    ),
  );
}

/** Columns of the table that a person let pass although a limit held them. */
export async function allowedColumns(target: Target): Promise<Set<string>> {
  const rows = await db()
    .selectDistinct({ name: ingestDiscards.columnName })
    .from(ingestDiscards)
    .where(
      and(
        eq(ingestDiscards.dataset, target.dataset),
        eq(ingestDiscards.tableName, target.tableName),
        isNotNull(ingestDiscards.allowedAt),
      ),
    );
  return new Set(rows.map(row => row.name));
}
