/** The tables that a customer's queries may name. Source: docs/desk.md, What can be asked. */
import { columnCounts, type EventBase, eventBases, eventTables } from '@/lib/domains/desk/catalog/event-tables';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { brokenViews } from '@/lib/domains/desk/catalog/made-views';
import { type DeskTable, type TableGroup, tableGroups } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';

/** A table by its name. One that every customer has is known whole; of one of events the columns are read when they are asked for. */
export type NamedTable = { name: string; group: TableGroup } & ({ fixed: DeskTable } | { events: EventBase });

const byGroupAndName = (a: NamedTable, b: NamedTable): number =>
  tableGroups.indexOf(a.group) - tableGroups.indexOf(b.group) || (a.name < b.name ? -1 : 1);

/** The customer's tables by group and name, without their columns; one whose view could not be made lately is left out. */
export async function namedTables(ctx: CustomerCtx): Promise<NamedTable[]> {
  const [bases, broken] = await Promise.all([eventBases(ctx.customerId), brokenViews(ctx.customerId, ctx.clock())]);
  const named: NamedTable[] = [
    ...fixedTables().map(({ table }) => ({ name: table.name, group: table.group, fixed: table })),
    ...bases.map(events => ({ name: events.name, group: 'events' as const, events })),
  ];
  return named.filter(({ name }) => !broken.has(name)).toSorted(byGroupAndName);
}

const eventsOf = (tables: readonly NamedTable[]): EventBase[] =>
  tables.flatMap(table => ('events' in table ? [table.events] : []));

/** These tables with their columns. */
export async function withColumns(tables: readonly NamedTable[]): Promise<DeskTable[]> {
  const events = new Map((await eventTables(eventsOf(tables))).map(({ table }) => [table.name, table]));
  return tables.flatMap(table => ('fixed' in table ? table.fixed : (events.get(table.name) ?? [])));
}

/** How many columns those of these tables have that are of events, by name. */
export const eventColumnCounts = (tables: readonly NamedTable[]): Promise<Map<string, number>> =>
  columnCounts(eventsOf(tables));

/** The customer's tables with their columns, or these of them, by group and name. */
export const deskTables = async (ctx: CustomerCtx, only?: ReadonlySet<string>): Promise<DeskTable[]> =>
  withColumns((await namedTables(ctx)).filter(({ name }) => only?.has(name) ?? true));
