/** What the list of tables shows. There may be thousands of event tables with thousands of columns each, so columns are read of the open one alone. */
import { eventColumnCounts, type NamedTable, namedTables, withColumns } from '@/lib/domains/desk/catalog/desk-tables';
import type { DeskTable } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';

/** Event tables that are listed at once. */
export const shownTables = 100;

export type ListedTable = { name: string; columnCount: number };

export type TablesRead = {
  /** Those that every customer has. */
  fixed: readonly DeskTable[];
  /** Those of events: how many there are and are found, those of them that are listed, and the one that is open. */
  events: { count: number; found: number; listed: readonly ListedTable[]; open: DeskTable | null };
};

/** Which of these tables are listed where `open` names one, which is then open, or has a part of names. */
export function choose<Table extends { name: string }>(tables: readonly Table[], open: string) {
  const one = tables.find(({ name }) => name === open);
  const found = one ? tables : tables.filter(({ name }) => name.includes(open.trim().toLowerCase()));
  const shown = found.slice(0, shownTables);
  const listed = one && !shown.includes(one) ? [one, ...shown.slice(1)] : shown;
  return { one, listed, found: found.length };
}

const isOfEvents = ({ group }: NamedTable): boolean => group === 'events';

/** `open` is the name of a table of events or a part of names. */
export async function readTables(ctx: CustomerCtx, open: string): Promise<TablesRead> {
  const named = await namedTables(ctx);
  const events = named.filter(isOfEvents);
  const { one, listed, found } = choose(events, open);
  const [known, counts] = await Promise.all([
    withColumns(named.filter(table => table === one || !isOfEvents(table))),
    eventColumnCounts(listed),
  ]);
  return {
    fixed: known.filter(({ group }) => group !== 'events'),
    events: {
      count: events.length,
      found,
      listed: listed.map(({ name }) => ({ name, columnCount: counts.get(name) ?? 0 })),
      open: known.find(({ group }) => group === 'events') ?? null,
    },
  };
}
