/** Events of the organization this month against the limit. */
import { formatDate } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import type { EventUse } from '@/lib/domains/events/volume/event-use';

type Props = { use: EventUse; size?: 'row' | 'metric'; href?: string };

export function EventMeter({ use: { used, limit, resets_at }, size, href }: Props) {
  return (
    <Meter
      label="Events this month"
      kind="refuse"
      used={used}
      limit={limit}
      size={size}
      href={href}
      note={`resets on ${formatDate(resets_at)} (UTC)`}
    />
  );
}
