/** The tables of the desk, as its callers may see them. */
import { z } from 'zod';
import { deskTables, namedTables, withColumns } from '@/lib/domains/desk/catalog/desk-tables';
import { type DeskTable, mostListedColumns, tableGroups } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';

const isOfEvents = ({ group }: DeskTable): boolean => group === 'events';

/** As many tables as there are; those of events without their columns where they have too many for one answer. */
function fitted<Table extends DeskTable>(tables: Table[]): Table[] {
  const listed = tables.filter(isOfEvents).reduce((count, { columns }) => count + columns.length, 0);
  return listed <= mostListedColumns
    ? tables
    : tables.map(table => (isOfEvents(table) ? { ...table, columns: [] } : table));
}

const name = z.string().trim().toLowerCase().min(1).max(300);

/**
 * The tables that the caller's queries may name, by group and name, or the one that is asked for: none where there is no such
 * table. A list of all may leave columns of event tables out. AppError forbidden, invalid_input.
 */
export const listTables = defineOperation({
  name: 'desk.list_tables',
  permission: 'desk:query',
  input: z.strictObject({ table: name.optional() }),
  run: async (ctx, { table }): Promise<DeskTable[]> =>
    table === undefined ? fitted(await deskTables(ctx)) : deskTables(ctx, new Set([table])),
});

/** `columnCount` counts all columns of the table, also where some or all of them are left out. */
export type FoundTable = DeskTable & { columnCount: number };
/** `names` are those of all tables. */
export type FoundTables = { tables: FoundTable[]; names: string[] };

const findInput = z.strictObject({
  group: z.enum(tableGroups).optional(),
  part: name.optional(),
  column: name.optional(),
});

/** Tables that have columns with a part in their names, and those columns. */
function havingColumns(tables: readonly FoundTable[], part: string): FoundTable[] {
  const narrowed = tables.map(table => ({
    ...table,
    columns: table.columns.filter(column => column.name.toLowerCase().includes(part)),
  }));
  return narrowed.filter(({ columns }) => columns.length > 0);
}

async function find(ctx: CustomerCtx, { group, part, column }: z.output<typeof findInput>): Promise<FoundTables> {
  const named = await namedTables(ctx);
  const found = named.filter(
    table => (group === undefined || table.group === group) && (part === undefined || table.name.includes(part)),
  );
  // Of several names that have it in them the one that it is.
  const whole = found.filter(table => table.name === part);
  const read = await withColumns(whole.length > 0 ? whole : found);
  const all = read.map(table => ({ ...table, columnCount: table.columns.length }));
  const tables = column === undefined ? all : havingColumns(all, column);
  return { tables: tables.length === 1 ? tables : fitted(tables), names: named.map(table => table.name) };
}

/**
 * The tables of a group whose names have a part in them, or the one whose whole name it is, or those of them that have such a
 * column; columns of the tables found alone are read, and several may leave those of event tables out, as listTables does.
 * AppError forbidden, invalid_input.
 */
export const findTables = defineOperation({
  name: listTables.operationName,
  permission: listTables.permission,
  input: findInput,
  run: find,
});
