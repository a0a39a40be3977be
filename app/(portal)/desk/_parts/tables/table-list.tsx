/**
 * Tables that can be asked, by group: columns, types and descriptions open below a name; Look puts a cheap query into the editor.
 * However many tables there are, the list stays small.
 */
import { Fragment, type ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { ListParams } from '@/app/_ui/list-params';
import { editorHref, typeWords } from '@/app/(portal)/desk/_parts/desk-words';
import { EventTableList } from '@/app/(portal)/desk/_parts/tables/event-table-list';
import type { TablesRead } from '@/app/(portal)/desk/_parts/tables/read-tables';
import { type DeskTable, type TableGroup, tableGroups } from '@/lib/domains/desk/rules';

const groupWords: Record<TableGroup, string> = {
  metadata: 'Metadata',
  'ai-usage': 'AI usage',
  'agent-log': 'Agent log',
  events: 'Events',
};

/** Columns of one table that are listed. */
const shownColumns = 150;

type Props = { tables: TablesRead; params: ListParams };

export const TableList = ({ tables: { fixed, events }, params }: Props) => (
  <Card title="Tables" note={formatPlural(fixed.length + events.count, 'table')}>
    {tableGroups.map(group => {
      if (group === 'events')
        return (
          events.count > 0 && (
            <Group key={group} group={group}>
              <EventTableList
                tables={events}
                params={params}
                draw={table => <TableItem key={table.name} table={table} isOpen />}
              />
            </Group>
          )
        );
      const ofGroup = fixed.filter(table => table.group === group);
      return (
        ofGroup.length > 0 && (
          <Group key={group} group={group}>
            <ul>
              {ofGroup.map(table => (
                <TableItem key={table.name} table={table} />
              ))}
            </ul>
          </Group>
        )
      );
    })}
  </Card>
);

const Group = ({ group, children }: { group: TableGroup; children: ReactNode }) => (
  <section>
    <h3 className="mb-1 text-meta text-muted">{groupWords[group]}</h3>
    {children}
  </section>
);

/** Long names break after an underscore. */
const withBreaks = (name: string): ReactNode =>
  name.split(/(?<=_)/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: Parts of one name never move.
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));

type ItemProps = { table: DeskTable; isOpen?: boolean };

const TableItem = ({ table: { name, description, columns, partitionColumn, needsFilter }, isOpen }: ItemProps) => (
  <li className="desk-table">
    <details open={isOpen}>
      <summary>
        <code>{withBreaks(name)}</code>
      </summary>
      <p className="text-table text-muted">{description}</p>
      {partitionColumn && (
        <p className="mt-1 text-table text-muted">
          {needsFilter ? 'Needs a filter of ' : 'A filter of '}
          <code>{partitionColumn}</code>
          {needsFilter ? ': BigQuery refuses a query without it.' : ' keeps a query cheap.'}
        </p>
      )}
      <dl className="desk-columns">
        {columns.slice(0, shownColumns).map(column => (
          <div key={column.name}>
            <dt>
              <code>{column.name}</code>
              <span className="text-muted">{typeWords(column)}</span>
            </dt>
            {column.description && <dd>{column.description}</dd>}
          </div>
        ))}
      </dl>
      {columns.length > shownColumns && (
        <p className="pb-3 text-table text-muted">
          And {formatPlural(columns.length - shownColumns, 'column')} more: Look at it and Check, and all are named.
        </p>
      )}
    </details>
    <Link className="btn btn-quiet" href={editorHref({ table: name })} aria-label={`Look at ${name}`}>
      Look
    </Link>
  </li>
);
