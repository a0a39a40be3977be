/** The tables of the desk, as its callers may see them. */
import { z } from 'zod';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import { type DeskTable, mostListedColumns } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';

const isOfEvents = ({ group }: DeskTable): boolean => group === 'events';

/** All tables; those of events without their columns where an organization has too many for one answer. */
async function allTables(ctx: CustomerCtx): Promise<DeskTable[]> {
  const tables = await deskTables(ctx);
  const listed = tables.filter(isOfEvents).reduce((count, { columns }) => count + columns.length, 0);
  return listed <= mostListedColumns
    ? tables
    : tables.map(table => (isOfEvents(table) ? { ...table, columns: [] } : table));
}

/**
 * The tables that the caller's queries may name, by group and name, or the one that is asked for: none where there is no such
 * table. A list of all may leave columns of event tables out. AppError forbidden, invalid_input.
 */
export const listTables = defineOperation({
  name: 'desk.list_tables',
  permission: 'desk:query',
  input: z.strictObject({ table: z.string().trim().toLowerCase().min(1).max(300).optional() }),
  run: (ctx, { table }): Promise<DeskTable[]> =>
    table === undefined ? allTables(ctx) : deskTables(ctx, new Set([table])),
});
