/** Contract: a change to a bigger plan, as previewed, paid at once, or refused with nothing changed. */
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { type Account, cards, daySeconds, refusal, type Subscribed } from '@/dev/doubles/stripe/contract/account';

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

const upgrade = (
  { stripe, big }: Account,
  { subscription, item }: Subscribed,
  prorationDate: number,
  more: Stripe.SubscriptionUpdateParams = {},
) =>
  stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: big }],
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
    proration_date: prorationDate,
    ...more,
  });

const mayWait = { payment_behavior: 'pending_if_incomplete' } as const;

/** A change to the big price that waits, because the bank asks the cardholder; `invoice` is the one to be paid. */
async function waiting(account: Account): Promise<Subscribed & { now: number; invoice: string }> {
  const made = await tenDaysIn(account);
  await account.card(made.customer, cards.authentication, made.subscription.id);
  const changed = await upgrade(account, made, made.now, mayWait);
  expect(changed).toMatchObject({
    status: 'active',
    items: { data: [{ price: { id: account.small } }] },
    pending_update: { subscription_items: [{ price: { id: account.big } }] },
  });
  expect(changed.pending_update?.expires_at).toBe(made.now + 23 * 3_600);
  return { ...made, invoice: String(changed.latest_invoice) };
}

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

    test('is refused for an instant outside of the period, by name', async () => {
      const made = await tenDaysIn(account());
      const { current_period_end: end = 0 } = made.subscription.items.data[0] ?? {};
      for (const at of [made.subscription.created - 60, end + 60])
        expect((await refusal(preview(account(), made, at))).param).toContain('proration_date');
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
  describe('a change that may wait for its payment', () => {
    const read = async ({ subscription }: Subscribed) => {
      const { status, pending_update, items } = await account().stripe.subscriptions.retrieve(subscription.id);
      return { status, waits: pending_update !== null, price: items.data[0]?.price.id };
    };

    test('leaves the subscription as it is, with an open invoice and its page', async () => {
      const { stripe } = account();
      const made = await waiting(account());
      const invoice = await stripe.invoices.retrieve(made.invoice);
      expect(invoice).toMatchObject({ status: 'open', billing_reason: 'subscription_update' });
      expect(invoice.hosted_invoice_url).toMatch(/^https?:/);
      const shown = await preview(account(), made);
      expect(shown.amount_due).toBe(invoice.amount_due);
    });

    test('is made once its invoice is paid', async () => {
      const { stripe, big } = account();
      const made = await waiting(account());
      await account().card(made.customer, cards.ok, made.subscription.id);
      expect(await stripe.invoices.pay(made.invoice)).toMatchObject({ status: 'paid' });
      expect(await read(made)).toEqual({ status: 'active', waits: false, price: big });
    });

    test('is forgotten when its invoice is voided; one that is paid cannot be', async () => {
      const { stripe, small } = account();
      const made = await waiting(account());
      expect(await stripe.invoices.voidInvoice(made.invoice)).toMatchObject({ status: 'void' });
      expect(await read(made)).toEqual({ status: 'active', waits: false, price: small });
      await account().card(made.customer, cards.ok, made.subscription.id);
      const paid = await upgrade(account(), made, made.now);
      expect(await refusal(stripe.invoices.voidInvoice(String(paid.latest_invoice)))).toMatchObject({
        type: 'StripeInvalidRequestError',
      });
    });

    test('is forgotten after 23 hours, and its invoice is void', async () => {
      const { stripe, small } = account();
      const made = await waiting(account());
      await account().advance(made.clock, made.now + 24 * 3_600);
      expect(await read(made)).toEqual({ status: 'active', waits: false, price: small });
      expect((await stripe.invoices.retrieve(made.invoice)).status).toBe('void');
    });

    test('takes the place of one that waits', async () => {
      const { stripe, big } = account();
      const made = await waiting(account());
      const again = await upgrade(account(), made, made.now, mayWait);
      expect(again.pending_update?.subscription_items?.[0]?.price.id).toBe(big);
      expect(again.latest_invoice).not.toBe(made.invoice);
      expect((await stripe.invoices.retrieve(made.invoice)).status).toBe('void');
    });

    test('takes nothing that a payment does not decide', async () => {
      const made = await tenDaysIn(account());
      const error = await refusal(upgrade(account(), made, made.now, { ...mayWait, description: 'Bigger' }));
      expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    });
  });
}
