/** Contract: a change of plan for the period's end by a schedule, and its taking back. */
import { describe, expect, test } from 'vitest';
import { type Account, daySeconds, periodEnd, refusal, type Subscribed } from '@/dev/doubles/stripe/contract/account';

type Planned = Subscribed & { schedule: string; end: number };

/** From one price until `end` to another for a month, as we say it. */
const phases = (from: string, to: string, start: number | 'now', end: number, trialEnd?: number) => ({
  end_behavior: 'release' as const,
  proration_behavior: 'none' as const,
  phases: [
    {
      items: [{ price: from, quantity: 1 }],
      start_date: start,
      end_date: end,
      proration_behavior: 'none' as const,
      ...(trialEnd === undefined ? {} : { trial_end: trialEnd }),
    },
    {
      items: [{ price: to, quantity: 1 }],
      duration: { interval: 'month' as const },
      proration_behavior: 'none' as const,
    },
  ],
});

/** Schedules the small plan for the end of the period, or of the trial, of a big one. */
async function planned(account: Account, trialEnd?: number): Promise<Planned> {
  const { stripe, small, big } = account;
  const made = await account.subscribed(big, trialEnd === undefined ? {} : { trial_end: trialEnd });
  const end = trialEnd ?? periodEnd(made.subscription);
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: made.subscription.id });
  const start = schedule.current_phase?.start_date ?? 'now';
  await stripe.subscriptionSchedules.update(schedule.id, phases(big, small, start, end, trialEnd));
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

    test('on a trial waits for its end, which stays, and is the first to be paid', async () => {
      const { stripe, small, big } = account();
      const trialEnd = Math.floor(Date.now() / 1000) + 6 * daySeconds;
      const { customer, subscription, clock } = await planned(account(), trialEnd);
      expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
        status: 'trialing',
        trial_end: trialEnd,
        items: { data: [{ price: { id: big } }] },
      });
      await account().advance(clock, trialEnd + 2 * 3_600);
      expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
        status: 'active',
        items: { data: [{ price: { id: small } }] },
      });
      const { data } = await stripe.invoices.list({ customer, status: 'paid' });
      expect(data.map(({ amount_paid }) => amount_paid).filter(amount => amount > 0)).toEqual([4_900]);
    });

    test('in the month after another one came is said in the same schedule', async () => {
      const { stripe, small, big } = account();
      const { subscription, schedule, clock, end } = await planned(account());
      await account().advance(clock, end + 2 * 3_600);
      const now = await stripe.subscriptionSchedules.retrieve(schedule);
      expect(now).toMatchObject({ status: 'active', current_phase: { start_date: end } });
      const next = periodEnd(await stripe.subscriptions.retrieve(subscription.id));
      const params = phases(small, big, now.current_phase?.start_date ?? 'now', next);
      const changed = await stripe.subscriptionSchedules.update(schedule, params);
      expect(changed.phases.at(-1)).toMatchObject({ start_date: next, items: [{ price: big }] });
      await account().advance(clock, next + 2 * 3_600);
      expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toMatchObject([{ price: { id: big } }]);
    });

    test('leaves the preview of a change at once as it would be without it', async () => {
      const { stripe } = account();
      const { subscription, item, schedule, clock } = await planned(account());
      const huge = await account().price('huge', 49_900);
      const preview = async () => {
        const { amount_due, parent } = await stripe.invoices.createPreview({
          subscription: subscription.id,
          subscription_details: {
            items: [{ id: item, price: huge.id }],
            proration_behavior: 'always_invoice',
            proration_date: subscription.created + 60,
          },
        });
        return [amount_due, parent?.subscription_details?.subscription_proration_date];
      };
      await account().advance(clock, subscription.created + daySeconds);
      const under = await preview();
      expect(under[1]).toBe(subscription.created + 60);
      await stripe.subscriptionSchedules.release(schedule);
      expect(await preview()).toEqual(under);
    });

    test('from a price that is no longer sold needs it active: without a look-up key it is, retired it is not', async () => {
      const { stripe, small } = account();
      const old = await account().price('old', 9_900);
      const made = await account().subscribed(old.id);
      const sold = await stripe.prices.create({
        product: String(old.product),
        currency: 'usd',
        unit_amount: 10_900,
        recurring: { interval: 'month' },
        lookup_key: account().key('old'),
        transfer_lookup_key: true,
      });
      account().later(() => stripe.prices.update(sold.id, { active: false }));
      const read = await stripe.subscriptions.retrieve(made.subscription.id);
      expect(read.items.data[0]?.price).toMatchObject({ id: old.id, lookup_key: null });
      const schedule = await stripe.subscriptionSchedules.create({ from_subscription: made.subscription.id });
      const start = schedule.current_phase?.start_date ?? 'now';
      const params = phases(old.id, small, start, periodEnd(made.subscription));
      expect(await stripe.subscriptionSchedules.update(schedule.id, params)).toMatchObject({ status: 'active' });
      await stripe.prices.update(old.id, { active: false });
      expect(await refusal(stripe.subscriptionSchedules.update(schedule.id, params))).toMatchObject({
        statusCode: 400,
        message: expect.stringContaining('inactive'),
      });
    });
  });
}
