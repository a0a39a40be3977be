/** What a key did: calls and refusals of 30 days as bars, and its latest calls with who made them. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDay, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import type { CallDay, KeyCallsView } from '@/lib/domains/keys/read-calls';
import { callDaysKept } from '@/lib/domains/keys/rules';
import type { StoredCall } from '@/lib/domains/keys/tables';

/** "1,204 calls, 3 refused or failed." */
export function callsSentence(days: readonly CallDay[]): string {
  const sum = (of: (day: CallDay) => number) => days.reduce((total, day) => total + of(day), 0);
  const errors = sum(day => day.errors);
  return `${formatPlural(
    sum(day => day.calls),
    'call',
  )}, ${errors === 0 ? 'none' : formatCount(errors)} refused or failed.`;
}

export function CallsCard({ days }: Pick<KeyCallsView, 'days'>) {
  const title = `Calls, last ${days.length} days (UTC)`;
  if (days.every(({ calls }) => calls === 0))
    return (
      <EmptyState
        icon="radio"
        title={`No calls in the last ${days.length} days.`}
        action={
          <Link className="link" href="/docs">
            How to call the API
          </Link>
        }
      >
        A call shows here some seconds after it was answered.
      </EmptyState>
    );
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={callsSentence(days)}
        series={[
          { key: 'answered', label: 'Answered', color: 'ok' },
          { key: 'errors', label: 'Refused or failed', color: 'bad' },
        ]}
        points={days.map(({ day, calls, errors }, index) => ({
          label: formatDay(day),
          values: { answered: calls - errors, errors },
          partial: index === days.length - 1,
        }))}
        pointHead="Date"
      />
    </Card>
  );
}

const columns = (now: Date): Column<StoredCall>[] => [
  {
    id: 'call',
    head: 'Call',
    priority: 'name',
    cell: ({ method, route }) => <code className="wrap-anywhere">{`${method} ${route}`}</code>,
  },
  { id: 'answer', head: 'Answer', priority: 'second', cell: call => <CallAnswer call={call} /> },
  { id: 'at', head: 'When', cell: ({ at }) => <Time instant={new Date(at)} now={now} /> },
  { id: 'from', head: 'From', cell: ({ ip_prefix }) => <span className="whitespace-nowrap">{ip_prefix ?? '–'}</span> },
  {
    id: 'program',
    head: 'Program',
    cell: ({ user_agent }) => <span className="wrap-anywhere">{user_agent ?? '–'}</span>,
  },
];

/** "201", or "429 quota_exceeded" with the way to what it means. */
function CallAnswer({ call: { status, code } }: { call: StoredCall }) {
  if (status < 400) return <span className="text-ok">{status}</span>;
  return (
    <span className="text-bad">
      {status}
      {code && (
        <>
          {' '}
          <Link className="link" href={errorHref(code)}>
            {code}
          </Link>
        </>
      )}
    </span>
  );
}

/** Where the documentation says what a problem's code means. */
export const errorHref = (code: string): string => `/docs/errors#${code}`;

export function CallersCard({ latest, now }: Pick<KeyCallsView, 'latest'> & { now: Date }) {
  if (latest.length === 0) return null;
  return (
    <Card title="Latest calls" note={`The last ${latest.length}; kept for ${callDaysKept} days`}>
      <DataTable
        id="latest-calls"
        caption="Latest calls"
        columns={columns(now)}
        rows={latest}
        rowKey={call => `${call.at} ${call.method} ${call.route} ${call.status} ${call.user_agent}`}
        empty={null}
      />
    </Card>
  );
}
