/** The tables of a customer's event sources as Postgres knows them, each with the name that queries use. Source: docs/desk.md, What can be asked. */
import { createHash } from 'node:crypto';
import { and, asc, count, eq, inArray, sql } from 'drizzle-orm';
import type { DeskColumn, DeskTable } from '@/lib/domains/desk/rules';
import { eventIngest } from '@/lib/domains/events/ingest';
import { eventSources } from '@/lib/domains/events/tables';
import { snakeCase } from '@/lib/domains/events/transform/snake-case';
import { db } from '@/lib/platform/db';
import { ingestColumns, ingestTables } from '@/lib/warehouse/ingest/tables';

export type EventTable = { dataset: string; base: string; table: DeskTable };

/** Types of columns that the desk shows; others can only be there where somebody made the column by hand. */
const shownTypes = ['STRING', 'INT64', 'FLOAT64', 'BOOL', 'NUMERIC', 'TIMESTAMP', 'DATE', 'JSON', 'BYTES'];
/** Columns that the desk shows: of those types, with a name that a text writes without quotes. */
const isShown = and(
  inArray(ingestColumns.type, shownTypes),
  sql`${ingestColumns.columnName} ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND length(${ingestColumns.columnName}) <= 300`,
);
/** Table names that BigQuery takes; a statement quotes them. */
const tableName = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u;
const longestName = 200;

const sameTable = and(
  eq(ingestColumns.dataset, ingestTables.dataset),
  eq(ingestColumns.tableName, ingestTables.tableName),
);

/** `events_<dataset>_<table>` in small letters; what is longer is cut and told apart by a hash. */
export function eventTableName(dataset: string, table: string): string {
  const name = `events_${dataset.toLowerCase()}_${snakeCase(table) || 'table'}`;
  if (name.length <= longestName) return name;
  return `${name.slice(0, longestName - 9)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** The name, or with the first number that makes it another than those taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(tried)) return tried;
  }
}

/** A table of a source that is there, by the name that queries use. */
export type EventBase = { name: string; sourceName: string; dataset: string; base: string };

/**
 * The tables of the customer's sources that are there and have a column that the desk shows. They are named by the dataset, which a source
 * keeps under another name too and which no other one ever gets. Names are given over all sources, deleted ones too, in the
 * order in which tables came: a name stays that table's, so that a saved query never reads another one.
 */
export async function eventBases(customerId: string): Promise<EventBase[]> {
  const rows = await db()
    .select({
      sourceName: eventSources.sourceName,
      deletedAt: eventSources.deletedAt,
      dataset: ingestTables.dataset,
      base: ingestTables.tableName,
      hasColumns: sql<boolean>`EXISTS (SELECT 1 FROM ${ingestColumns} WHERE ${and(sameTable, isShown)})`,
    })
    .from(eventSources)
    .innerJoin(ingestTables, and(eq(ingestTables.dataset, eventSources.dataset), eq(ingestTables.log, 'events')))
    .where(eq(eventSources.customerId, customerId))
    .orderBy(asc(ingestTables.firstSeenAt), asc(ingestTables.dataset), asc(ingestTables.tableName));
  const taken = new Set<string>();
  return rows.flatMap(({ deletedAt, hasColumns, ...table }) => {
    const name = freeName(eventTableName(table.dataset, table.base), taken);
    taken.add(name);
    return deletedAt || !hasColumns || !tableName.test(table.base) ? [] : [{ ...table, name }];
  });
}

type Known = [name: string, type: string];

const placeOf = ({ dataset, base }: { dataset: string; base: string }): string => `${dataset}.${base}`;

/** The shown columns of these tables, which are found by the key: a condition over both names at once would read those of all customers. */
function columnsOf(tables: readonly EventBase[]) {
  const [datasets, bases] = [tables.map(table => table.dataset), tables.map(table => table.base)];
  const asked = sql`SELECT dataset, base FROM unnest(${sql.param(datasets)}::text[], ${sql.param(bases)}::text[]) AS asked (dataset, base)`;
  return and(sql`(${ingestColumns.dataset}, ${ingestColumns.tableName}) IN (${asked})`, isShown);
}

/** How many columns of each of these tables the desk shows, by the tables' names. */
export async function columnCounts(tables: readonly EventBase[]): Promise<Map<string, number>> {
  if (tables.length === 0) return new Map();
  const { dataset, tableName: base } = ingestColumns;
  const rows = await db()
    .select({ dataset, base, columns: count() })
    .from(ingestColumns)
    .where(columnsOf(tables))
    .groupBy(dataset, base);
  const counts = new Map(rows.map(row => [placeOf(row), row.columns]));
  return new Map(tables.map(table => [table.name, counts.get(placeOf(table)) ?? 0]));
}

/** Columns of these tables by their places; one row a table, because there may be many thousand columns. */
async function readColumns(tables: readonly EventBase[]): Promise<Map<string, Known[]>> {
  const { dataset, tableName: base, columnName, type } = ingestColumns;
  const rows = await db()
    .select({
      dataset,
      base,
      columns: sql<Known[]>`json_agg(json_build_array(${columnName}, ${type}) ORDER BY ${columnName})`,
    })
    .from(ingestColumns)
    .where(columnsOf(tables))
    .groupBy(dataset, base);
  return new Map(rows.map(row => [placeOf(row), row.columns]));
}

/** Columns of every such table first, in their order, then what the events brought, by name. */
function shownColumns(table: string, known: readonly Known[]): DeskColumn[] {
  const base = new Map(eventIngest.specOf(table).columns.map((column, place) => [column.name, { ...column, place }]));
  const rank = ([name]: Known) => base.get(name)?.place ?? base.size;
  return [...known]
    .sort((a, b) => rank(a) - rank(b))
    .map(([name, type]) => {
      const sent = name.startsWith('context_') ? 'Sent in the context of the call.' : 'Sent with the call.';
      return { name, type, repeated: false, description: base.get(name)?.description ?? sent };
    });
}

function eventTable({ name, sourceName, base }: EventBase, columns: DeskColumn[]): DeskTable {
  const partitionColumn = columns.some(column => column.name === 'received_at') ? 'received_at' : null;
  const description = `${eventIngest.specOf(base).description} Table ${base} of the event source “${sourceName}”.`;
  return { name, group: 'events', description, columns, partitionColumn, needsFilter: false };
}

/** These tables with their columns; one that has none which the desk shows is left out. */
export async function eventTables(bases: readonly EventBase[]): Promise<EventTable[]> {
  if (bases.length === 0) return [];
  const columns = await readColumns(bases);
  return bases.flatMap(base => {
    const shown = shownColumns(base.base, columns.get(placeOf(base)) ?? []);
    return shown.length === 0 ? [] : [{ dataset: base.dataset, base: base.base, table: eventTable(base, shown) }];
  });
}
