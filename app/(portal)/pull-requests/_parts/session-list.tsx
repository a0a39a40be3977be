/** Sessions with AI of one pull request as a list, each with the evidence for it. */

import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { bookWords, evidenceOf } from '@/app/(portal)/pull-requests/_parts/pull-timeline';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { sessionHref, sessionWords } from '@/app/(portal)/traces/_parts/session-links';
import type { PullSession } from '@/lib/domains/pull-requests/usage/pull-sessions';

type Look = { now: Date; mode: 'relative' | 'absolute' };

const columns = ({ now, mode }: Look): Column<PullSession>[] => [
  {
    id: 'session',
    head: 'Session',
    priority: 'name',
    cell: session => (
      <Link className="link wrap-anywhere" href={sessionHref(session.session_key, session.last_at)}>
        {sessionWords(session.session_id, session.first_hash)}
      </Link>
    ),
  },
  { id: 'book', head: 'Book price', align: 'end', priority: 'second', cell: bookWords },
  {
    id: 'evidence',
    head: 'Evidence',
    cell: session => <span className="block sm:min-w-28">{evidenceOf(session)}</span>,
  },
  {
    id: 'developer',
    head: 'Developer',
    cell: ({ developer_id }) =>
      developer_id?.includes('@') ? <ActorName label={developer_id} /> : nameWords('developer', developer_id),
  },
  {
    id: 'model',
    head: 'Model',
    cell: ({ model }) => <span className="wrap-anywhere">{nameWords('model', model)}</span>,
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ requests }) => formatCount(requests) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
  { id: 'last', head: 'Last request', cell: ({ last_at }) => <Time instant={last_at} now={now} mode={mode} /> },
  { id: 'document', head: 'Document price', align: 'end', cell: ({ cost_usd }) => formatDollars(cost_usd) },
];

export const SessionList = ({ sessions, ...look }: Look & { sessions: readonly PullSession[] }) => (
  <DataTable
    id="sessions"
    caption="Sessions"
    columns={columns(look)}
    rows={sessions}
    rowKey={({ session_key }) => session_key}
    empty={<p className="text-muted">No session belongs to this pull request.</p>}
  />
);
