/** What of the plan is in use now; the counter and the team in Postgres answer it. */
import { Card } from '@/app/_ui/card';
import { formatDuration } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Meter } from '@/app/_ui/meter';
import { SeatsMeter } from '@/app/(portal)/_shell/seats-meter';
import { EventMeter } from '@/app/(portal)/sources/_parts/event-meter';
import type { EventUse } from '@/lib/domains/events/volume/event-use';
import type { ProviderUse } from '@/lib/domains/providers/limit';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { Seats } from '@/lib/domains/team/seats';

type Props = { quota: Quota; seats: Seats; providers: ProviderUse; events: EventUse };

export function UseCard({ quota, seats, providers, events }: Props) {
  return (
    <Card
      title="Use against limits"
      actions={
        <Link className="link" href="/usage">
          All use
        </Link>
      }
    >
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <SeatsMeter seats={seats} />
        <Meter
          label="Providers"
          kind="hold"
          used={providers.active}
          limit={providers.limit}
          href="/providers"
          note="provider configs that are on"
        />
        <Meter
          label="Runs today (UTC)"
          kind="refuse"
          used={quota.runsToday}
          limit={quota.dailyLimit}
          href="/usage"
          note={`resets in ${formatDuration(quota.resetsAt.getTime() - quota.asOf.getTime())}`}
        />
        <EventMeter use={events} href="/usage" />
      </div>
    </Card>
  );
}
