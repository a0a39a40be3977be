/** Tables of events: there may be thousands with thousands of columns each, so names are listed and one table at a time is open. */
import type { ReactNode } from 'react';
import { FilterForm } from '@/app/_ui/filter-form';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { deskHref } from '@/app/(portal)/desk/_parts/desk-words';
import type { DeskTable } from '@/lib/domains/desk/rules';

const shownTables = 100;
const listId = 'event-tables';

/** `params` are those of the page, of which `open` names a table or a part of names; `draw` draws the open table. */
type Props = { tables: readonly DeskTable[]; params: ListParams; draw: (table: DeskTable) => ReactNode };

export function EventTableList({ tables, params, draw }: Props) {
  const open = params.open ?? '';
  const one = tables.find(({ name }) => name === open);
  const found = one ? tables : tables.filter(({ name }) => name.includes(open.trim().toLowerCase()));
  const shown = found.slice(0, shownTables);
  const listed = one && !shown.includes(one) ? [one, ...shown.slice(1)] : shown;
  return (
    <>
      {tables.length > shownTables && <Find params={params} />}
      <ul id={listId}>
        {listed.map(table => (table === one ? draw(table) : <Closed key={table.name} table={table} params={params} />))}
      </ul>
      {found.length > listed.length && (
        <p className="pt-2 text-table text-muted">
          {formatCount(listed.length)} of {formatCount(found.length)} are listed. Find the others by a part of their
          name.
        </p>
      )}
      {found.length === 0 && <p className="text-table text-muted">No table has “{open}” in its name.</p>}
    </>
  );
}

const Closed = ({ table: { name, columns }, params }: { table: DeskTable; params: ListParams }) => (
  <li className="desk-event-table">
    <Link href={hrefWith(deskHref, params, { open: name })} scroll={false}>
      {name}
    </Link>{' '}
    {formatPlural(columns.length, 'column')}
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
