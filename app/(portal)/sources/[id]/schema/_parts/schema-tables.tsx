/** The tables of a source: how many columns of those it may have, rows, and whether rows still come. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import type { TablePage, TableView } from '@/lib/domains/events/schema-reads/list-tables';

type Look = { path: string; maxColumns: number; now: Date; timeMode: 'relative' | 'absolute' };

const columns = ({ path, maxColumns, now, timeMode }: Look): Column<TableView>[] => [
  {
    id: 'name',
    head: 'Table',
    priority: 'name',
    cell: ({ name }) => (
      <Link className="link" href={hrefWith(path, { table: name }, {})}>
        <code>{name}</code>
      </Link>
    ),
  },
  {
    id: 'columns',
    head: 'Columns',
    align: 'end',
    cell: table => `${formatCount(table.columns)} of ${formatCount(maxColumns)}`,
  },
  {
    id: 'rows',
    head: 'Rows loaded',
    align: 'end',
    cell: ({ rows_loaded }) => formatCount(rows_loaded),
  },
  { id: 'seen', head: 'First seen', cell: table => <Time instant={table.first_seen_at} now={now} mode={timeMode} /> },
  {
    id: 'loaded',
    head: 'Last loaded',
    cell: ({ last_loaded_at, blocked_reason }) => (
      <span className="flex flex-col">
        <Time instant={last_loaded_at} now={now} mode={timeMode} none="Not yet" />
        {blocked_reason && <span className="text-warn wrap-anywhere">Held up: {blocked_reason}</span>}
      </span>
    ),
  },
];

type Props = Omit<Look, 'maxColumns'> & { page: TablePage; params: ListParams };

export function SchemaTables({ page, params, ...look }: Props) {
  return (
    <DataTable
      caption="Tables"
      columns={columns({ ...look, maxColumns: page.max_columns })}
      rows={page.tables}
      rowKey={table => table.name}
      empty={<NoTables path={look.path} isFiltered={Boolean(params.q)} />}
      footer={
        <Pager path={look.path} params={params} shown={page.tables.length} nextCursor={page.nextCursor ?? undefined} />
      }
    />
  );
}

function NoTables({ path, isFiltered }: { path: string; isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No table matches this search."
        action={<LinkButton href={path}>Clear all</LinkButton>}
      />
    );
  return (
    <EmptyState icon="list-checks" title="No tables yet.">
      They are made when the first events are loaded.
    </EmptyState>
  );
}
