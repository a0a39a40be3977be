/** Tables of events: there may be thousands with thousands of columns each, so names are listed and one table at a time is open. */
import type { ReactNode } from 'react';
import { FilterForm } from '@/app/_ui/filter-form';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { deskHref } from '@/app/(portal)/desk/_parts/desk-words';
import { type ListedTable, shownTables, type TablesRead } from '@/app/(portal)/desk/_parts/tables/read-tables';
import type { DeskTable } from '@/lib/domains/desk/rules';

const listId = 'event-tables';

/** `params` are those of the page, of which `open` names a table or a part of names; `draw` draws the open table. */
type Props = { tables: TablesRead['events']; params: ListParams; draw: (table: DeskTable) => ReactNode };

export const EventTableList = ({ tables: { count, found, listed, open }, params, draw }: Props) => (
  <>
    {count > shownTables && <Find params={params} />}
    <ul id={listId}>
      {listed.map(table =>
        table.name === open?.name ? draw(open) : <Closed key={table.name} table={table} params={params} />,
      )}
    </ul>
    {found > listed.length && (
      <p className="pt-2 text-table text-muted">
        {formatCount(listed.length)} of {formatCount(found)} are listed. Find the others by a part of their name.
      </p>
    )}
    {found === 0 && <p className="text-table text-muted">No table has “{params.open}” in its name.</p>}
  </>
);

const Closed = ({ table: { name, columnCount }, params }: { table: ListedTable; params: ListParams }) => (
  <li className="desk-event-table">
    <Link href={hrefWith(deskHref, params, { open: name })} scroll={false}>
      {name}
    </Link>{' '}
    {formatPlural(columnCount, 'column')}
  </li>
);

const Find = ({ params: { open, ...others } }: { params: ListParams }) => (
  <FilterForm action={deskHref} resultsId={listId}>
    {Object.entries(others).map(
      ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
    )}
    <label className="flex min-w-0 flex-1 flex-col gap-1 text-meta text-muted">
      Part of a name
      <input className="control" type="search" name="open" defaultValue={open} maxLength={200} />
    </label>
    <button type="submit" className="btn btn-plain">
      Find
    </button>
  </FilterForm>
);
