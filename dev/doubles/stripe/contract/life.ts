/** Contract: a subscription's life: begun, renewed, failed, paid, cancelled; trials and how they end. */
import { describe, expect, test } from 'vitest';
import { type Account, cards, daySeconds, periodEnd, refusal } from '@/dev/doubles/stripe/contract/account';

/** As we fetch them. */
const expand = ['customer', 'schedule.phases.items.price'];
const invoiceExpand = ['payments.data.payment.payment_intent'];

export function lifeContract(account: () => Account): void {
  describe('a subscription', () => {
    test('with a card that works is active at once, its period on the item, its invoice paid', async () => {
      const { stripe, small } = account();
      const { customer, subscription } = await account().subscribed(small, { metadata: { customer_id: 'c1' } });
      const read = await stripe.subscriptions.retrieve(subscription.id, { expand });
      expect(read).toMatchObject({
        status: 'active',
        customer: { id: customer },
        schedule: null,
        cancel_at_period_end: false,
        metadata: { customer_id: 'c1' },
        items: { data: [{ quantity: 1, price: { id: small, lookup_key: account().key('small') } }] },
      });
      expect(periodEnd(read) - (read.items.data[0]?.current_period_start ?? 0)).toBeGreaterThanOrEqual(28 * daySeconds);
      const { data } = await stripe.invoices.list({ subscription: subscription.id });
      expect(data).toMatchObject([{ status: 'paid', amount_paid: 4_900, billing_reason: 'subscription_create' }]);
      const invoice = await stripe.invoices.retrieve(data[0]?.id ?? '', { expand: invoiceExpand });
      expect(invoice.parent?.subscription_details?.subscription).toBe(subscription.id);
      expect(invoice.number).toBeTruthy();
      expect(invoice.hosted_invoice_url).toMatch(/^https?:/);
      expect(invoice.payments?.data[0]?.payment.payment_intent).toMatchObject({ status: 'succeeded' });
    });

    test('is listed by customer in every status', async () => {
      const { stripe, small } = account();
      const { customer, subscription } = await account().subscribed(small);
      await stripe.subscriptions.cancel(subscription.id);
      const ids = async (status?: 'all' | 'active') =>
        (await stripe.subscriptions.list({ customer, limit: 100, ...(status ? { status } : {}) })).data.map(
          ({ id }) => id,
        );
      expect(await ids('all')).toEqual([subscription.id]);
      expect(await ids()).toEqual([]);
    });

    test('whose renewal is declined is past due with an open invoice that says why, and active once it is paid', async () => {
      const { stripe, small } = account();
      const { customer, clock, subscription } = await account().subscribed(small);
      await account().card(customer, cards.declined, subscription.id);
      await account().advance(clock, periodEnd(subscription) + 2 * 3_600);
      expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
      const { data } = await stripe.invoices.list({ customer, status: 'open' });
      expect(data).toMatchObject([{ billing_reason: 'subscription_cycle', amount_remaining: 4_900, attempt_count: 1 }]);
      const id = data[0]?.id ?? '';
      const failed = await stripe.invoices.retrieve(id, { expand: invoiceExpand });
      expect(failed.payments?.data[0]?.payment.payment_intent).toMatchObject({
        last_payment_error: { type: 'card_error', code: 'card_declined' },
      });
      await account().card(customer, cards.ok, subscription.id);
      expect(await stripe.invoices.pay(id)).toMatchObject({ status: 'paid', amount_remaining: 0 });
      expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    });

    test('cancelled for its period goes on until then; that is taken back before, and holds after', async () => {
      const { stripe, small } = account();
      const { clock, subscription } = await account().subscribed(small);
      const { id } = subscription;
      const cancelled = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
      expect(cancelled).toMatchObject({ status: 'active', cancel_at_period_end: true });
      expect(cancelled.cancel_at).toBe(periodEnd(subscription));
      expect(await stripe.subscriptions.update(id, { cancel_at_period_end: false })).toMatchObject({ cancel_at: null });
      await stripe.subscriptions.update(id, { cancel_at_period_end: true });
      await account().advance(clock, periodEnd(subscription) + 3_600);
      const ended = await stripe.subscriptions.retrieve(id);
      expect(ended).toMatchObject({ status: 'canceled', cancellation_details: { reason: 'cancellation_requested' } });
      expect(ended.ended_at).toBeGreaterThan(0);
      expect(await refusal(stripe.subscriptions.update(id, { cancel_at_period_end: false }))).toMatchObject({
        type: 'StripeInvalidRequestError',
      });
    });
  });

  describe('a trial', () => {
    const trial = async (ending: 'cancel' | 'create_invoice' | 'pause', token?: string) => {
      const { stripe, small } = account();
      const { customer, clock, now } = await account().timed();
      if (token) await account().card(customer, token);
      const subscription = await stripe.subscriptions.create({
        customer,
        items: [{ price: small }],
        trial_end: now + 5 * daySeconds,
        trial_settings: { end_behavior: { missing_payment_method: ending } },
      });
      expect(subscription).toMatchObject({ status: 'trialing', trial_end: now + 5 * daySeconds });
      await account().advance(clock, now + 5 * daySeconds + 2 * 3_600);
      return (await stripe.subscriptions.retrieve(subscription.id)).status;
    };

    test('with a card becomes active, paid', async () =>
      expect(await trial('create_invoice', cards.ok)).toBe('active'));
    test('with a card that is declined becomes past due', async () =>
      expect(await trial('create_invoice', cards.declined)).toBe('past_due'));
    test('without a card is cancelled, or paused, as it was asked for', async () => {
      expect(await trial('cancel')).toBe('canceled');
      expect(await trial('pause')).toBe('paused');
    });
  });
}
