/** Plans and what follows from their status, from the tables that the server enforces. */

import { formatCount } from '@/app/_ui/format';
import { ScrollBox } from '@/app/docs/scroll-box';
import { eventsPerMonth } from '@/lib/domains/events/rules';
import { graceDays, planNames, plans, trialDays } from '@/lib/domains/subscriptions/rules';

const rows: [label: string, of: (plan: (typeof plans)[keyof typeof plans]) => string][] = [
  ['Price a month', plan => `$${plan.priceUsdPerMonth}`],
  ['Runs a day (UTC)', plan => formatCount(plan.runsPerDay)],
  ['Runs at once', plan => formatCount(plan.concurrentRuns)],
  ['API calls a month', plan => formatCount(plan.apiCallsPerMonth)],
  ['Events a month', plan => formatCount(eventsPerMonth[plan.name])],
  ['Members', plan => formatCount(plan.seats)],
];

function PlanTable() {
  return (
    <ScrollBox label="Limits of each plan">
      <table className="table">
        <caption className="sr-only">Limits of each plan</caption>
        <thead>
          <tr>
            <th scope="col">Limit</th>
            {planNames.map(name => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {planNames.map(name => (
                <td key={name} className="num">
                  {of(plans[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

export function Plans() {
  return (
    <section className="flex min-w-0 flex-col gap-2" aria-labelledby="plans">
      <h2 id="plans">Plans</h2>
      <div className="flex max-w-prose flex-col gap-2">
        <p>
          Every plan begins with {trialDays} days of trial. A change of plan moves the limits from the moment it is in
          force; <code>GET /v1/quota</code> answers those that hold.
        </p>
        <p>
          When the trial is over without a card, {graceDays} days after a payment failed, and after a cancelled plan has
          ended, new runs are refused with <code>subscription_inactive</code>, within five minutes of that moment.
          Reading goes on, and runs that have started may end. An organization that support has suspended is refused
          everything with <code>customer_suspended</code>.
        </p>
      </div>
      <PlanTable />
    </section>
  );
}
