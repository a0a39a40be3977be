/** What the double's tests begin with: a customer on a clock of its own, with a card, and its events. */
import type Stripe from 'stripe';
import { expect } from 'vitest';
import { type TestPlan, testCatalog } from '@/dev/doubles/stripe/test-catalog';

export const seconds = (text: string): number => Date.parse(text) / 1000;
export const iso = (time: number | null | undefined): string | null =>
  typeof time === 'number' ? new Date(time * 1000).toISOString().replace('.000', '') : null;

/** How Stripe refused a call; fails the test where it did not. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was accepted'),
    (error: Stripe.errors.StripeError) => error,
  );

export async function priceOf(client: Stripe, plan: TestPlan): Promise<string> {
  const { data } = await client.prices.list({ lookup_keys: [testCatalog[plan].lookup_key] });
  const [price] = data;
  if (!price) throw new Error(`no price of ${plan}`);
  return price.id;
}

export type TestCustomer = {
  id: string;
  clock: string;
  advanceTo: (time: string) => Promise<void>;
  /** Makes `card` the one that is charged from now on. */
  use: (card: string) => Promise<string>;
  /** Types of its events, oldest first. */
  events: () => Promise<string[]>;
  subscribe: (plan: TestPlan, params?: Partial<Stripe.SubscriptionCreateParams>) => Promise<Stripe.Subscription>;
  invoices: () => Promise<Stripe.Invoice[]>;
};

/** A customer whose time begins at `at`; without `card`, one that has none. */
export async function customerAt(client: Stripe, at: string, card?: string): Promise<TestCustomer> {
  const clock = await client.testHelpers.testClocks.create({ frozen_time: seconds(at) });
  const { id } = await client.customers.create({ test_clock: clock.id, email: 'ada@northwind.example' });
  const use = async (token: string) => {
    const method = await client.paymentMethods.attach(token, { customer: id });
    await client.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
    return method.id;
  };
  if (card) await use(card);
  const belongs = ({ data: { object } }: Stripe.Event) =>
    ('customer' in object && object.customer === id) || ('id' in object && object.id === id);
  return {
    id,
    clock: clock.id,
    use,
    advanceTo: async time => {
      await client.testHelpers.testClocks.advance(clock.id, { frozen_time: seconds(time) });
    },
    events: async () => {
      const all = await client.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
      return all
        .filter(belongs)
        .map(event => event.type)
        .reverse();
    },
    subscribe: async (plan, params = {}) =>
      client.subscriptions.create({ customer: id, items: [{ price: await priceOf(client, plan) }], ...params }),
    invoices: async () => (await client.invoices.list({ customer: id, limit: 100 })).data.reverse(),
  };
}
