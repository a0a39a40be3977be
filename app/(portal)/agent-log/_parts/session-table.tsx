/** Sessions of agents as a list. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Time } from '@/app/_ui/time';
import { bytesWords, sessionHref } from '@/app/(portal)/agent-log/_parts/log-words';
import type { ListedSession } from '@/lib/domains/agent-log/sessions/list-sessions';

type Look = { now: Date; mode: 'relative' | 'absolute' };

const small = (text: string): ReactNode => <span className="block text-meta whitespace-nowrap text-muted">{text}</span>;

const columns = ({ now, mode }: Look): Column<ListedSession>[] => [
  {
    id: 'session',
    head: 'Session',
    priority: 'name',
    cell: ({ session_id, last_at }) => (
      <Link className="link block max-w-44 truncate" href={sessionHref(session_id, last_at)}>
        <span title={session_id}>{session_id}</span>
      </Link>
    ),
  },
  {
    id: 'failed',
    head: 'Failed',
    align: 'end',
    priority: 'second',
    cell: ({ failures, errors }) => (
      <>
        <span className={failures + errors > 0 ? 'text-bad' : 'text-muted'}>{formatCount(failures + errors)}</span>
        {errors > 0 && small(formatPlural(errors, 'error'))}
      </>
    ),
  },
  { id: 'last', head: 'Last event', cell: ({ last_at }) => <Time instant={last_at} now={now} mode={mode} /> },
  {
    id: 'user',
    head: 'User',
    cell: ({ user_id, users }) => (
      <>
        <span className="block max-w-44 truncate" title={user_id}>
          {user_id}
        </span>
        {users > 1 && small(`and ${formatCount(users - 1)} more`)}
      </>
    ),
  },
  { id: 'events', head: 'Events', align: 'end', cell: ({ events }) => formatCount(events) },
  { id: 'calls', head: 'Tool calls', align: 'end', cell: ({ tool_calls }) => formatCount(tool_calls) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ tokens }) => formatCount(tokens) },
  {
    id: 'cost',
    head: 'Cost estimate',
    align: 'end',
    cell: ({ cost_usd }) => (cost_usd === null ? '–' : formatDollars(cost_usd)),
  },
  { id: 'bytes', head: 'Bytes billed', align: 'end', cell: ({ bytes_billed }) => bytesWords(bytes_billed) },
];

type Props = Look & { sessions: readonly ListedSession[]; empty: ReactNode; footer: ReactNode };

export const SessionTable = ({ sessions, empty, footer, ...look }: Props) => (
  <DataTable
    caption="Sessions, with figures of these days"
    columns={columns(look)}
    rows={sessions}
    rowKey={session => session.session_id}
    empty={empty}
    footer={footer}
  />
);
