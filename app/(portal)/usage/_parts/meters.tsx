/** The meters of the Usage page; the counter in Postgres answers them, so they are as of the moment shown. */
import { formatDate, formatDuration } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import { SeatsMeter } from '@/app/(portal)/_shell/seats-meter';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import { EventMeter } from '@/app/(portal)/sources/_parts/event-meter';
import type { EventUse } from '@/lib/domains/events/volume/event-use';
import type { ProviderUse } from '@/lib/domains/providers/limit';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { Seats } from '@/lib/domains/team/seats';

type Props = { quota: Quota; seats: Seats; providers: ProviderUse; events: EventUse };

export function Meters({ quota, seats, providers, events }: Props) {
  const dayEnds = formatDuration(quota.resetsAt.getTime() - quota.asOf.getTime());
  const monthEnds = `resets on ${formatDate(quota.monthResetsAt)} (UTC)`;
  return (
    <section className="card grid gap-x-8 gap-y-5 p-4 sm:grid-cols-2 lg:grid-cols-3" aria-label="Use now">
      <Meter
        size="metric"
        label="Runs today (UTC)"
        kind="refuse"
        used={quota.runsToday}
        limit={quota.dailyLimit}
        note={`the mark is 80 %; resets in ${dayEnds}`}
      />
      <Meter
        size="metric"
        label="Runs this month"
        kind="refuse"
        used={quota.runsMonth}
        limit={quota.monthlyLimit}
        note={monthEnds}
      />
      <Meter
        size="metric"
        label="Running now"
        kind="hold"
        used={quota.running}
        limit={quota.concurrentLimit}
        note="at the limit a start is refused until a run ends"
      />
      <Meter
        size="metric"
        label="API calls this month"
        kind="refuse"
        used={quota.apiCallsMonth}
        limit={quota.apiCallsMonthLimit}
        note={monthEnds}
      />
      <EventMeter use={events} size="metric" href={sectionHref('sources')} />
      <SeatsMeter seats={seats} size="metric" />
      <Meter
        size="metric"
        label="Providers"
        kind="hold"
        used={providers.active}
        limit={providers.limit}
        href={sectionHref('providers')}
        note="those that are on"
      />
    </section>
  );
}
