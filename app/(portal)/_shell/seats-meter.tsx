/** Seats in use against those of the plan, wherever a page tells of them. */
import type { ComponentProps } from 'react';
import { Meter } from '@/app/_ui/meter';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import type { Seats } from '@/lib/domains/team/seats';

type Props = Pick<ComponentProps<typeof Meter>, 'size'> & { seats: Seats };

export const SeatsMeter = ({ seats, size }: Props) => (
  <Meter
    size={size}
    label="Seats"
    kind="hold"
    used={seats.used}
    limit={seats.limit}
    href={sectionHref('team')}
    note="members and open invitations"
  />
);
