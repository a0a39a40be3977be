/** Reads the rows of one customer that changed a moment ago, as they are now in Postgres. */
import { and, desc, eq, getTableColumns, gte, inArray, or } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { db } from '@/lib/platform/db';
import { maxLaidOver } from '@/lib/warehouse/query/query-stand';

export type Changed = {
  keys: string[];
  /** Rows changed since are wanted too; null is none. */
  since: Date | null;
};

type Places<Table extends PgTable, Name extends keyof Table['$inferSelect']> = {
  key: PgColumn;
  customer: PgColumn;
  /** Set whenever the row changes in a way that people see. */
  changedAt: PgColumn;
  /** What is read of a row; without it, all. */
  columns?: Record<Name, PgColumn>;
};

/** A reader of the table's rows with one of the keys or changed since, newest first, never another customer's. */
export function changedRows<Table extends PgTable, Name extends keyof Table['$inferSelect'] & string>(
  table: Table,
  places: Places<Table, Name>,
): (customerId: string, changed: Changed) => Promise<Pick<Table['$inferSelect'], Name>[]> {
  const columns: Record<string, PgColumn> = places.columns ?? getTableColumns(table);
  return async (customerId, { keys, since }) => {
    const rows = await db()
      .select(columns)
      .from(table as PgTable)
      .where(
        and(
          eq(places.customer, customerId),
          or(inArray(places.key, keys), since ? gte(places.changedAt, since) : undefined),
        ),
      )
      .orderBy(desc(places.changedAt))
      .limit(maxLaidOver);
    return rows as Pick<Table['$inferSelect'], Name>[];
  };
}
