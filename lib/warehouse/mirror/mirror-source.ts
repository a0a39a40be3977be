/** Reads a Postgres table for its mirror: rows by key, and keys in order. */
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';

type Columns<Table extends PgTable> = {
  key: Extract<Table['_']['columns'][keyof Table['_']['columns']], PgColumn>;
  customer: Extract<Table['_']['columns'][keyof Table['_']['columns']], PgColumn>;
};

/** `load` and `listKeys` of a mirror whose rows are the rows of one table with a key of one column; numbers are in the order of numbers. */
export function mirrorSource<Table extends PgTable>(table: Table, columns: Columns<Table>) {
  const load: Mirror<Table['$inferSelect']>['load'] = async (store, keys, customerId) =>
    (await store
      .select()
      .from(table as PgTable)
      .where(
        and(inArray(columns.key, keys), customerId === null ? undefined : eq(columns.customer, customerId)),
      )) as Table['$inferSelect'][];
  const listKeys: Mirror['listKeys'] = async (store, { after, limit, customerId }) => {
    const rows = await store
      .select({ key: columns.key })
      .from(table as PgTable)
      .where(
        and(
          after === null ? undefined : gt(columns.key, after),
          customerId ? eq(columns.customer, customerId) : undefined,
        ),
      )
      .orderBy(asc(columns.key))
      .limit(limit);
    return rows.map(row => String(row.key));
  };
  return { load, listKeys };
}
