/** Sessions with AI models as a list. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Time } from '@/app/_ui/time';
import { bookCostWords, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { sessionHref, sessionWords } from '@/app/(portal)/traces/_parts/session-links';
import type { ListedSession } from '@/lib/domains/traces/sessions/list-sessions';

type Look = { now: Date; mode: 'relative' | 'absolute' };

/** One of several names, and how many others there are; a long one ends in dots, with the whole on hover. */
const OneOf = ({ name, count }: { name: string; count: number }) => (
  <>
    <span className="block max-w-36 truncate" title={name}>
      {name}
    </span>
    {count > 1 && <span className="block text-meta text-muted">and {formatCount(count - 1)} more</span>}
  </>
);

const columns = ({ now, mode }: Look): Column<ListedSession>[] => [
  {
    id: 'session',
    head: 'Session',
    priority: 'name',
    cell: session => (
      <Link className="link block max-w-32 truncate" href={sessionHref(session.session_key, session.last_at)}>
        <span title={session.session_key}>{sessionWords(session.session_id, session.first_hash)}</span>
      </Link>
    ),
  },
  {
    id: 'book',
    head: 'Book price',
    align: 'end',
    priority: 'second',
    cell: ({ book_cost_usd, requests, unpriced }) => bookCostWords({ bookCostUsd: book_cost_usd, requests, unpriced }),
  },
  { id: 'last', head: 'Last request', cell: ({ last_at }) => <Time instant={last_at} now={now} mode={mode} /> },
  {
    id: 'developer',
    head: 'Developer',
    cell: ({ developer_id, developers }) => <OneOf name={nameWords('developer', developer_id)} count={developers} />,
  },
  {
    id: 'repository',
    head: 'Repository',
    cell: ({ repo_slug, repositories }) => <OneOf name={nameWords('repository', repo_slug)} count={repositories} />,
  },
  {
    id: 'model',
    head: 'Model',
    cell: ({ model, models }) => <OneOf name={nameWords('model', model)} count={models} />,
  },
  {
    id: 'requests',
    head: 'Requests',
    align: 'end',
    cell: ({ requests, failed }) => (
      <>
        {formatCount(requests)}
        {failed > 0 && (
          <span className="block text-meta whitespace-nowrap text-muted">{formatCount(failed)} failed</span>
        )}
      </>
    ),
  },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
  { id: 'document', head: 'Document price', align: 'end', cell: ({ cost_usd }) => formatDollars(cost_usd) },
];

type Props = Look & { sessions: readonly ListedSession[]; empty: ReactNode; footer: ReactNode };

export const SessionTable = ({ sessions, empty, footer, ...look }: Props) => (
  <DataTable
    caption="Sessions"
    columns={columns(look)}
    rows={sessions}
    rowKey={session => session.session_key}
    empty={empty}
    footer={footer}
  />
);
