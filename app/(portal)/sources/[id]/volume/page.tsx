/** Volume of one source: events by day and call, and the month of the whole organization against its limit. */
import { BarChart } from '@/app/_ui/bar-chart';
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate, formatPercent, formatPlural } from '@/app/_ui/format';
import { listParams } from '@/app/_ui/list-params';
import { EmptyState } from '@/app/_ui/states';
import { Tabs } from '@/app/_ui/tabs';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { EventMeter } from '@/app/(portal)/sources/_parts/event-meter';
import {
  type SourcePageProps,
  SourceTabPage,
  sourceHref,
  sourceOr404,
} from '@/app/(portal)/sources/_parts/source-page';
import {
  callName,
  callPoints,
  callSentence,
  callSeries,
  monthPoints,
} from '@/app/(portal)/sources/[id]/volume/_parts/volume-chart';
import { dailyCalls } from '@/lib/domains/events/volume/daily-calls';
import { type EventUse, eventUse } from '@/lib/domains/events/volume/event-use';
import { listVolume, type Volume } from '@/lib/domains/events/volume/list-volume';
import { requireMember } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Volume');

const lengths = [7, 30, 90] as const;
type Length = (typeof lengths)[number];
const lengthOf = (days: string | undefined): Length => lengths.find(length => String(length) === days) ?? 30;

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function VolumePage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const source = await sourceOr404(visitor, (await params).id);
  const length = lengthOf(listParams(await searchParams).days);
  const id = source.source_id;
  const path = `${sourceHref(id)}/volume`;
  const [daily, own, month, use] = await Promise.all([
    dailyCalls(ctx, { days: length }, id),
    listVolume(ctx, { days: length, source_id: id }),
    listVolume(ctx, { days: ctx.clock().getUTCDate() }),
    eventUse(ctx),
  ]);
  const title = `Events, last ${length} days (UTC)`;
  return (
    <SourceTabPage visitor={visitor} source={source} tab="volume">
      <Tabs
        label="Period"
        items={lengths.map(days => ({
          href: `${path}?days=${days}`,
          label: `${days} days`,
          current: days === length,
        }))}
      />
      {own.events === 0 ? (
        <EmptyState
          icon="radio"
          title={source.first_event_at ? `No events in the last ${length} days.` : 'No events yet.'}
          action={<LinkButton href={sourceHref(id)}>How to send events</LinkButton>}
        >
          Each day with its events stands here.
        </EmptyState>
      ) : (
        <>
          <Card title={title}>
            <BarChart
              title={title}
              sentence={callSentence(daily)}
              series={callSeries(daily)}
              points={callPoints(daily)}
              pointHead="Date"
            />
          </Card>
          <CallTable volume={own} />
        </>
      )}
      <MonthCard month={month} use={use} />
    </SourceTabPage>
  );
}

type Call = Volume['calls'][number];

const columns = (total: number): Column<Call>[] => [
  {
    id: 'call',
    head: 'Event',
    priority: 'name',
    cell: call => <span className="wrap-anywhere">{callName(call)}</span>,
  },
  { id: 'type', head: 'Call', cell: ({ type }) => type },
  { id: 'events', head: 'Events', align: 'end', cell: ({ events }) => formatCount(events) },
  { id: 'share', head: 'Share', align: 'end', cell: ({ events }) => formatPercent(events, total) },
];

function CallTable({ volume: { calls, events, other_events } }: { volume: Volume }) {
  return (
    <DataTable
      caption="Events by name"
      columns={columns(events)}
      rows={calls}
      rowKey={({ type, event }) => `${type} ${event}`}
      empty={null}
      footer={
        other_events > 0 ? (
          <p className="text-muted">{formatCount(other_events)} more events have names that are not listed.</p>
        ) : undefined
      }
    />
  );
}

function MonthCard({ month, use }: { month: Volume; use: EventUse }) {
  const title = 'This month, all sources';
  return (
    <Card title={title}>
      <EventMeter use={use} />
      <BarChart
        title={title}
        sentence={`${formatPlural(use.used, 'event')} since ${formatDate(use.month)} of ${formatCount(use.limit)} that the plan takes. At the limit further events are refused with 429.`}
        series={[{ key: 'events', label: 'Events so far', color: '1' }]}
        points={monthPoints(month.days, use.limit)}
        pointHead="Date"
        limitLabel={`limit ${formatCount(use.limit)} a month`}
      />
    </Card>
  );
}
