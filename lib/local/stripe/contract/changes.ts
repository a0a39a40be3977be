/** Contract: a change to a bigger plan, as previewed, paid at once, or refused with nothing changed. */
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { type Account, cards, daySeconds, refusal, type Subscribed } from '@/lib/local/stripe/contract/account';

const preview = ({ stripe, big }: Account, { subscription, item }: Subscribed, prorationDate?: number) =>
  stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: {
      items: [{ id: item, price: big }],
      proration_behavior: 'always_invoice',
      ...(prorationDate === undefined ? {} : { proration_date: prorationDate }),
    },
  });

const dateOf = (invoice: Stripe.Invoice): number =>
  invoice.parent?.subscription_details?.subscription_proration_date ??
  Math.max(...invoice.lines.data.map(line => line.period.start));

const upgrade = ({ stripe, big }: Account, { subscription, item }: Subscribed, prorationDate: number) =>
  stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: big }],
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
    proration_date: prorationDate,
  });

/** A subscription ten days into its period. */
async function tenDaysIn(account: Account): Promise<Subscribed & { now: number }> {
  const made = await account.subscribed(account.small);
  const now = made.subscription.created + 10 * daySeconds;
  await account.advance(made.clock, now);
  return { ...made, now };
}

export function changeContract(account: () => Account): void {
  describe('a change to a bigger plan', () => {
    test('costs what the preview says, is paid at once, and leaves the period as it was', async () => {
      const made = await tenDaysIn(account());
      const shown = await preview(account(), made);
      expect(shown.amount_due).toBeGreaterThan(0);
      expect(shown.amount_due).toBeLessThan(15_000);
      const again = await preview(account(), made, dateOf(shown));
      expect(again.amount_due).toBe(shown.amount_due);
      const changed = await upgrade(account(), made, dateOf(shown));
      expect(changed).toMatchObject({
        status: 'active',
        items: { data: [{ id: made.item, price: { id: account().big } }] },
      });
      expect(changed.items.data[0]?.current_period_end).toBe(made.subscription.items.data[0]?.current_period_end);
      const invoice = await account().stripe.invoices.retrieve(String(changed.latest_invoice));
      expect(invoice).toMatchObject({
        status: 'paid',
        billing_reason: 'subscription_update',
        amount_paid: shown.amount_due,
      });
      expect(invoice.lines.data.map(({ amount }) => Math.sign(amount)).toSorted()).toEqual([-1, 1]);
    });

    test.each([
      ['declined', cards.declined, ['card_declined']],
      [
        'asked to be confirmed',
        cards.authentication,
        ['subscription_payment_intent_requires_action', 'authentication_required'],
      ],
    ])('with a card that is %s is refused with 402, and nothing changes', async (_, token, codes) => {
      const made = await tenDaysIn(account());
      await account().card(made.customer, token, made.subscription.id);
      const error = await refusal(upgrade(account(), made, made.now));
      expect([error.statusCode, codes.includes(error.code ?? '')]).toEqual([402, true]);
      const { stripe, small } = account();
      expect(await stripe.subscriptions.retrieve(made.subscription.id)).toMatchObject({
        status: 'active',
        items: { data: [{ price: { id: small } }] },
      });
      expect((await stripe.invoices.list({ customer: made.customer, status: 'open' })).data).toEqual([]);
    });

    test('in a trial costs nothing and leaves its end', async () => {
      const { stripe, small, big } = account();
      const trialEnd = Math.floor(Date.now() / 1000) + 6 * daySeconds;
      const { subscription, item } = await account().subscribed(small, { trial_end: trialEnd });
      const changed = await stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: big }],
        proration_behavior: 'none',
      });
      expect(changed).toMatchObject({
        status: 'trialing',
        trial_end: trialEnd,
        items: { data: [{ price: { id: big } }] },
      });
    });
  });
}
