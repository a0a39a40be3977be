/** The plans side by side: what each costs, everything it holds, and the way to it. */
import { LinkButton } from '@/app/_ui/button';
import { Icon } from '@/app/_ui/icon';
import { CheckoutButton } from '@/app/(portal)/billing/_parts/billing-forms';
import { priceText } from '@/app/(portal)/billing/_parts/billing-text';
import { everyPlanKeeps, planHolds } from '@/app/(portal)/billing/_parts/plan-holds';
import { directionOf, type Plan, plans, planTitle } from '@/lib/domains/subscriptions/rules';
import type { BillingView } from '@/lib/domains/subscriptions/view';

type Props = {
  view: BillingView;
  customerId: string;
  /** False for who may not change the plan, and while a payment is being confirmed. */
  withButtons: boolean;
};

/** A plan that ended or whose trial is over is nobody's current one. */
const isCurrent = (view: BillingView, plan: Plan): boolean =>
  view.plan === plan.name && (view.has_subscription || view.status === 'TRIAL');

export function PlanCards(props: Props) {
  return (
    <section aria-labelledby="plans" className="flex flex-col gap-3">
      <h2 id="plans">Plans</h2>
      <ul className="grid gap-4 sm:grid-cols-3">
        {Object.values(plans).map(plan => (
          <li key={plan.name} className="card flex flex-col gap-3 p-4">
            <div>
              <h3 className="font-semibold">{planTitle(plan.name)}</h3>
              <p className="text-muted tabular-nums">{priceText(plan.name)}</p>
            </div>
            <ul className="flex flex-col gap-1">
              {planHolds(plan).map(line => (
                <li key={line} className="flex items-center gap-2">
                  <Icon name="check" size={14} className="text-muted" />
                  {line}
                </li>
              ))}
            </ul>
            <div className="mt-auto flex flex-col">
              <Way {...props} plan={plan} />
            </div>
          </li>
        ))}
      </ul>
      <p className="text-muted">{everyPlanKeeps()} Days and months are UTC.</p>
    </section>
  );
}

function Way({ view, customerId, withButtons, plan }: Props & { plan: Plan }) {
  if (isCurrent(view, plan))
    return <p className="flex min-h-[var(--control-height)] items-center font-medium text-muted">Current plan</p>;
  if (!withButtons) return null;
  if (!view.has_subscription)
    return (
      <CheckoutButton customerId={customerId} plan={plan.name}>
        Choose {planTitle(plan.name)}
      </CheckoutButton>
    );
  if (view.scheduled?.plan === plan.name)
    return <p className="flex min-h-[var(--control-height)] items-center font-medium text-muted">Planned</p>;
  const verb = directionOf(view.plan, plan.name) === 'upgrade' ? 'Upgrade' : 'Downgrade';
  return (
    <LinkButton href={`/billing/change?plan=${plan.name}`}>
      {verb} to {planTitle(plan.name)}
    </LinkButton>
  );
}
