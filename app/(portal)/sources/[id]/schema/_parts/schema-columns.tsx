/** One table of a source: its columns and types, and how to query it. */
import { Card } from '@/app/_ui/card';
import { CodeBox } from '@/app/_ui/code-box';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatPlural } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { tableQuery } from '@/app/(portal)/sources/[id]/schema/_parts/table-query';
import type { ColumnView, TableDetail } from '@/lib/domains/events/schema-reads/read-table';

type Props = { table: TableDetail; projectId: string; now: Date; timeMode: 'relative' | 'absolute' };

const columns = ({ now, timeMode }: Pick<Props, 'now' | 'timeMode'>): Column<ColumnView>[] => [
  { id: 'name', head: 'Column', priority: 'name', cell: ({ name }) => <code>{name}</code> },
  { id: 'type', head: 'Type', priority: 'second', cell: ({ type }) => <code>{type}</code> },
  { id: 'seen', head: 'First seen', cell: column => <Time instant={column.first_seen_at} now={now} mode={timeMode} /> },
];

export function SchemaColumns({ table, projectId, ...look }: Props) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <DataTable
        caption={`Columns of ${table.name}`}
        columns={columns(look)}
        rows={table.columns}
        rowKey={column => column.name}
        empty={<EmptyState title="No columns are known yet.">They are read when rows are loaded.</EmptyState>}
      />
      <div className="flex min-w-0 flex-col gap-4">
        <Card title={table.name}>
          <Meter
            label="Columns"
            kind="hold"
            used={table.columns.length}
            limit={table.max_columns}
            note="beyond it new properties are discarded, and can be allowed"
          />
          <p className="text-muted">
            {formatPlural(table.rows_loaded, 'row')} loaded, the last{' '}
            <Time instant={table.last_loaded_at} now={look.now} none="not yet" />.
            {table.mode === 'latest' && ' One row a user is kept, so the table has fewer.'}
          </p>
          {table.blocked_reason && <p className="text-warn wrap-anywhere">Held up: {table.blocked_reason}</p>}
        </Card>
        <Card title="Query">
          <CodeBox label={`query of ${table.name}`} code={tableQuery(projectId, table)} />
        </Card>
      </div>
    </div>
  );
}
