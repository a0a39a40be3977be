/** The list of sources: columns, row menus and its first step. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Menu } from '@/app/_ui/menu';
import { Sparkline } from '@/app/_ui/sparkline';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { sourceState } from '@/app/(portal)/sources/_parts/source-state';
import type { SourceView } from '@/lib/domains/events/view';
import type { DailyTotals } from '@/lib/domains/events/volume/daily-totals';

type Look = { totals: DailyTotals; now: Date; timeMode: 'relative' | 'absolute'; mayWrite: boolean };

const columns = ({ totals, now, timeMode }: Look): Column<SourceView>[] => [
  {
    id: 'name',
    head: 'Name',
    priority: 'name',
    cell: ({ source_id, name }) => (
      <Link className="link" href={sourceHref(source_id)}>
        {name}
      </Link>
    ),
  },
  { id: 'state', head: 'State', priority: 'second', cell: source => <StatusBadge status={sourceState(source)} /> },
  { id: 'dataset', head: 'Dataset', cell: ({ dataset }) => <code className="wrap-anywhere">{dataset}</code> },
  {
    id: 'today',
    head: 'Today (UTC)',
    align: 'end',
    cell: ({ source_id, name }) => (
      <Link className="link-quiet" href={`${sourceHref(source_id)}/volume`}>
        {formatCount(totals.get(source_id)?.at(-1) ?? 0)}
        <span className="sr-only"> events today of {name}</span>
      </Link>
    ),
  },
  {
    id: 'trend',
    head: 'Last 30 days',
    cell: ({ source_id }) => <Trend days={totals.get(source_id)} />,
  },
  {
    id: 'last',
    head: 'Last event',
    cell: ({ last_event_at }) => <Time instant={last_event_at} now={now} mode={timeMode} />,
  },
];

function Trend({ days }: { days: number[] | undefined }) {
  if (!days) return <span className="text-muted">0</span>;
  const total = days.reduce((sum, events) => sum + events, 0);
  return (
    <span className="inline-flex items-center gap-2">
      <Sparkline
        label={`${formatPlural(total, 'event')} in the last 30 days, at most ${formatCount(Math.max(...days))} a day`}
        values={days}
      />
      <span aria-hidden="true" className="tabular-nums">
        {formatCount(total)}
      </span>
    </span>
  );
}

const actionsOf = ({ source_id }: SourceView) => {
  const href = sourceHref(source_id);
  return [
    { type: 'link', label: 'Edit', href: `${href}/edit`, icon: 'pencil' },
    { type: 'link', label: 'Rotate write key…', href: `${href}/rotate`, icon: 'rotate-cw' },
    { type: 'link', label: 'Delete…', href: `${href}/delete`, icon: 'trash-2', danger: true },
  ] as const;
};

export function SourceTable({ sources, ...look }: Look & { sources: readonly SourceView[] }) {
  return (
    <DataTable
      caption="Event sources"
      columns={columns(look)}
      rows={sources}
      rowKey={source => source.source_id}
      actions={
        look.mayWrite ? source => <Menu name={`Actions for ${source.name}`} items={actionsOf(source)} /> : undefined
      }
      empty={<NoSources mayWrite={look.mayWrite} />}
    />
  );
}

function NoSources({ mayWrite }: { mayWrite: boolean }) {
  return (
    <EmptyState
      icon="radio"
      title="No event sources yet."
      action={
        mayWrite && (
          <LinkButton href="/sources/new" icon="plus">
            Create source
          </LinkButton>
        )
      }
    >
      {mayWrite
        ? 'Create one, point a Segment SDK at it, and its events stand in tables of BigQuery a minute later.'
        : 'An owner, admin or collaborator can create one; its events then stand in tables of BigQuery.'}
    </EmptyState>
  );
}
