/** The tables of a customer's event sources as Postgres knows them, each with the name that queries use. Source: docs/desk.md, What can be asked. */
import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import type { DeskColumn, DeskTable } from '@/lib/domains/desk/rules';
import { eventIngest } from '@/lib/domains/events/ingest';
import { eventSources } from '@/lib/domains/events/tables';
import { snakeCase } from '@/lib/domains/events/transform/snake-case';
import { db } from '@/lib/platform/db';
import { ingestColumns, ingestTables } from '@/lib/warehouse/ingest/tables';

export type EventTable = { dataset: string; base: string; table: DeskTable };

/** Types of columns that the desk shows; others can only be there where somebody made the column by hand. */
const shownTypes = new Set(['STRING', 'INT64', 'FLOAT64', 'BOOL', 'NUMERIC', 'TIMESTAMP', 'DATE', 'JSON', 'BYTES']);
/** Names that a text writes without quotes. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]{0,299}$/;
/** Table names that BigQuery takes; a statement quotes them. */
const tableName = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u;
const longestName = 200;

/** `events_<source>_<table>` in small letters; what is longer is cut and told apart by a hash. */
export function eventTableName(sourceName: string, table: string): string {
  const name = `events_${snakeCase(sourceName) || 'source'}_${snakeCase(table) || 'table'}`;
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

/** Deleted sources are among them: a name that was given stays given, so that a saved query never reads another table. */
const readTables = (customerId: string) =>
  db()
    .select({
      sourceName: eventSources.sourceName,
      deletedAt: eventSources.deletedAt,
      dataset: ingestTables.dataset,
      base: ingestTables.tableName,
    })
    .from(eventSources)
    .innerJoin(ingestTables, and(eq(ingestTables.dataset, eventSources.dataset), eq(ingestTables.log, 'events')))
    .where(eq(eventSources.customerId, customerId))
    .orderBy(asc(ingestTables.firstSeenAt), asc(ingestTables.dataset), asc(ingestTables.tableName));

async function readColumns(customerId: string): Promise<Map<string, { name: string; type: string }[]>> {
  const rows = await db()
    .select({
      dataset: ingestColumns.dataset,
      base: ingestColumns.tableName,
      name: ingestColumns.columnName,
      type: ingestColumns.type,
    })
    .from(eventSources)
    .innerJoin(ingestColumns, eq(ingestColumns.dataset, eventSources.dataset))
    .where(eq(eventSources.customerId, customerId))
    .orderBy(asc(ingestColumns.columnName));
  return Map.groupBy(rows, row => `${row.dataset}.${row.base}`);
}

/** Columns of every such table first, in their order, then what the events brought, by name. */
function shownColumns(table: string, known: readonly { name: string; type: string }[]): DeskColumn[] {
  const base = eventIngest.specOf(table).columns;
  const place = ({ name }: { name: string }) => {
    const at = base.findIndex(column => column.name === name);
    return at === -1 ? base.length : at;
  };
  return known
    .filter(({ name, type }) => shownTypes.has(type) && plainName.test(name))
    .toSorted((a, b) => place(a) - place(b))
    .map(({ name, type }) => ({
      name,
      type,
      repeated: false,
      description:
        base.find(column => column.name === name)?.description ??
        (name.startsWith('context_') ? 'Sent in the context of the call.' : 'Sent with the call.'),
    }));
}

function eventTable(name: string, sourceName: string, base: string, columns: DeskColumn[]): DeskTable {
  const partitionColumn = columns.some(column => column.name === 'received_at') ? 'received_at' : null;
  const description = `${eventIngest.specOf(base).description} Table ${base} of the event source “${sourceName}”.`;
  return { name, group: 'events', description, columns, partitionColumn };
}

/** Tables of the customer's sources that are there and have been loaded once. */
export async function eventTables(customerId: string): Promise<EventTable[]> {
  const rows = await readTables(customerId);
  if (rows.length === 0) return [];
  const columns = await readColumns(customerId);
  const taken = new Set<string>();
  return rows.flatMap(({ sourceName, deletedAt, dataset, base }) => {
    const name = freeName(eventTableName(sourceName, base), taken);
    taken.add(name);
    const shown = shownColumns(base, columns.get(`${dataset}.${base}`) ?? []);
    if (deletedAt || shown.length === 0 || !tableName.test(base)) return [];
    return [{ dataset, base, table: eventTable(name, sourceName, base, shown) }];
  });
}
