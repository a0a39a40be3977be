/** How tables changed, the newest first. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import type { ListParams } from '@/app/_ui/list-params';
import { EarlierLinks } from '@/app/_ui/pager';
import { Time } from '@/app/_ui/time';
import type { ChangePage, ChangeView } from '@/lib/domains/events/schema-reads/list-changes';

type Props = { page: ChangePage; path: string; params: ListParams; now: Date; withTable: boolean };

function sentenceOf({ kind, table, column, from_type, to_type }: ChangeView, withTable: boolean): ReactNode {
  const of = withTable && (
    <>
      {' '}
      of <code>{table}</code>
    </>
  );
  switch (kind) {
    case 'table_created':
      return (
        <>
          Table <code>{table}</code> made
        </>
      );
    case 'column_added':
      return (
        <>
          Column <code>{column}</code>
          {of} added{to_type && ` as ${to_type}`}
        </>
      );
    case 'column_widened':
      return (
        <>
          Column <code>{column}</code>
          {of} widened{from_type && to_type && ` from ${from_type} to ${to_type}`}
        </>
      );
    case 'table_rewritten':
      return (
        <>
          Table <code>{table}</code> written anew
          {column && (
            <>
              , so that <code>{column}</code> is {to_type}
            </>
          )}
        </>
      );
    default:
      return kind satisfies never;
  }
}

export function SchemaChanges({ page, path, params, now, withTable }: Props) {
  return (
    <Card title="Changes">
      {page.changes.length === 0 ? (
        <p className="text-muted">Nothing has changed{params.after ? ' before that' : ' yet'}.</p>
      ) : (
        <ol className="flex flex-col gap-2">
          {page.changes.map(change => (
            <li key={change.change_id} className="flex flex-wrap justify-between gap-x-4">
              <span className="wrap-anywhere">{sentenceOf(change, withTable)}</span>
              <span className="text-muted">
                <Time instant={change.changed_at} now={now} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <EarlierLinks
        path={path}
        params={params}
        cursorParam="changes"
        nextCursor={page.nextCursor}
        latest="Latest"
        earlier="Earlier changes"
      />
    </Card>
  );
}
