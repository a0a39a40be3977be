/** Said on Team and Billing while more seats are in use than the plan has: nobody leaves by themselves, an owner chooses. */
import { LinkButton } from '@/app/_ui/button';
import { Notice } from '@/app/_ui/notice';
import { seatsOver } from '@/lib/domains/team/rules';
import type { Seats } from '@/lib/domains/team/seats';

type Props = {
  seats: Seats;
  /** Where what helps is done, for those who may do it. */
  action?: { label: string; href: string } | undefined;
};

export function OverSeats({ seats, action }: Props) {
  const text = seatsOver(seats);
  if (!text) return null;
  return (
    <Notice tone="warn" action={action && <LinkButton href={action.href}>{action.label}</LinkButton>}>
      {text}
    </Notice>
  );
}
