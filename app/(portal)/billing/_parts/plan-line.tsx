/** The current plan on one line, with the next invoice and the way into Stripe's portal. */
import type { Status } from '@/app/_ui/status';
import { StatusBadge } from '@/app/_ui/status-badge';
import { PortalButton } from '@/app/(portal)/billing/_parts/billing-forms';
import { nextText, ownPriceText } from '@/app/(portal)/billing/_parts/billing-text';
import { planTitle, type SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import type { BillingView } from '@/lib/domains/subscriptions/view';

const badges: Record<SubscriptionStatus, Status> = {
  ACTIVE: 'active',
  TRIAL: 'trial',
  PAST_DUE: 'past_due',
  EXPIRED: 'expired',
  CANCELLED: 'cancelled',
};

type Props = { view: BillingView; customerId: string; mayWrite: boolean };

export function PlanLine({ view, customerId, mayWrite }: Props) {
  const next = nextText(view);
  const hasPortal = view.has_subscription || view.status === 'CANCELLED' || view.past_due !== null;
  return (
    <section aria-label="Current plan" className="card flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-4">
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
        <p className="text-section font-semibold">{planTitle(view.plan)}</p>
        <p className="tabular-nums">{ownPriceText(view)}</p>
        <StatusBadge status={view.is_suspended ? 'suspended' : badges[view.status]} />
        {next && <p className="text-muted tabular-nums">{next}</p>}
      </div>
      {mayWrite && hasPortal && <PortalButton customerId={customerId}>Manage in Stripe</PortalButton>}
    </section>
  );
}
