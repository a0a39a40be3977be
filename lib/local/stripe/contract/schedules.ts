/** Contract: a change of plan for the period's end by a schedule, and its taking back. */
import { describe, expect, test } from 'vitest';
import { type Account, periodEnd, refusal, type Subscribed } from '@/lib/local/stripe/contract/account';

/** Schedules the small plan for the end of the period of a big one. */
async function planned(account: Account): Promise<Subscribed & { schedule: string; end: number }> {
  const { stripe, small, big } = account;
  const made = await account.subscribed(big);
  const end = periodEnd(made.subscription);
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: made.subscription.id });
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    proration_behavior: 'none',
    phases: [
      {
        items: [{ price: big, quantity: 1 }],
        start_date: schedule.current_phase?.start_date ?? 'now',
        end_date: end,
        proration_behavior: 'none',
      },
      { items: [{ price: small, quantity: 1 }], duration: { interval: 'month' }, proration_behavior: 'none' },
    ],
  });
  return { ...made, schedule: schedule.id, end };
}

export function scheduleContract(account: () => Account): void {
  describe('a change at the end of the period', () => {
    test('leaves the plan until then, and the schedule tells what comes', async () => {
      const { stripe, small, big } = account();
      const { subscription, schedule, end } = await planned(account());
      const read = await stripe.subscriptions.retrieve(subscription.id, { expand: ['schedule.phases.items.price'] });
      expect(read.items.data).toMatchObject([{ price: { id: big } }]);
      expect(read.schedule).toMatchObject({
        id: schedule,
        status: 'active',
        end_behavior: 'release',
        phases: [
          { end_date: end },
          { start_date: end, items: [{ price: { id: small, lookup_key: expect.any(String) } }] },
        ],
      });
    });

    test('comes with the next period, at its price, without proration', async () => {
      const { stripe, small } = account();
      const { subscription, clock, end } = await planned(account());
      await account().advance(clock, end + 2 * 3_600);
      const read = await stripe.subscriptions.retrieve(subscription.id);
      expect(read).toMatchObject({ status: 'active', items: { data: [{ price: { id: small } }] } });
      const { data } = await stripe.invoices.list({ subscription: subscription.id, limit: 1 });
      expect(data).toMatchObject([{ amount_due: 4_900, status: 'paid' }]);
    });

    test('is taken back by releasing the schedule, once', async () => {
      const { stripe, big } = account();
      const { subscription, schedule, clock, end } = await planned(account());
      expect(await stripe.subscriptionSchedules.release(schedule)).toMatchObject({
        status: 'released',
        released_subscription: subscription.id,
      });
      expect((await stripe.subscriptions.retrieve(subscription.id)).schedule).toBeNull();
      expect(await refusal(stripe.subscriptionSchedules.release(schedule))).toMatchObject({ statusCode: 400 });
      await account().advance(clock, end + 2 * 3_600);
      expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toMatchObject([{ price: { id: big } }]);
    });
  });
}
