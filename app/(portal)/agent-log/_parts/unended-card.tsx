/** Calls of tools of which no end was reported: they run, or nobody said how they ended. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { sessionHref, toolWords } from '@/app/(portal)/agent-log/_parts/log-words';
import type { UnendedCall, UnendedCalls } from '@/lib/domains/agent-log/tools/running-tools';

type Look = { now: Date; mode: 'relative' | 'absolute' };

const columns = ({ now, mode }: Look): Column<UnendedCall>[] => [
  {
    id: 'tool',
    head: 'Tool',
    priority: 'name',
    cell: ({ tool_name }) => <span className="wrap-anywhere">{toolWords(tool_name)}</span>,
  },
  {
    id: 'state',
    head: 'State',
    priority: 'second',
    cell: ({ running }) => <StatusBadge status={running ? 'running' : 'no_end'} />,
  },
  { id: 'start', head: 'Started', cell: ({ start_time }) => <Time instant={start_time} now={now} mode={mode} /> },
  {
    id: 'session',
    head: 'Session',
    cell: ({ session_id, start_time }) => (
      <Link className="link block max-w-40 truncate" href={sessionHref(session_id, start_time)}>
        <span title={session_id}>{session_id}</span>
      </Link>
    ),
  },
  { id: 'user', head: 'User', cell: ({ user_id }) => <span className="wrap-anywhere">{user_id}</span> },
];

export function UnendedCard({ read, ...look }: Look & { read: UnendedCalls }) {
  if (read.calls.length === 0) return null;
  return (
    <Card title="Calls without an end" note={read.more ? 'The newest 50' : undefined}>
      <p className="max-w-prose text-muted">
        A call runs until its end is reported. After a day without one we no longer take it to run.
      </p>
      <DataTable
        id="unended"
        caption="Calls without an end"
        columns={columns(look)}
        rows={read.calls}
        rowKey={({ session_id, execution_id }) => `${session_id} ${execution_id}`}
        empty={null}
      />
    </Card>
  );
}
