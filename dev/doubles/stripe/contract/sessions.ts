/** Contract: Checkout sessions and the billing portal over the API; their pages are Stripe's own. */
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { type Account, daySeconds, refusal } from '@/dev/doubles/stripe/contract/account';

const shop = 'https://shop.contract.example';
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * daySeconds;

async function customerOf(account: Account): Promise<string> {
  const { id } = await account.stripe.customers.create({ email: `${account.tag}@contract.example` });
  account.later(() => account.stripe.customers.del(id));
  return id;
}

const begin = (
  { stripe, small }: Account,
  customer: string,
  data: Stripe.Checkout.SessionCreateParams.SubscriptionData,
) =>
  stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    client_reference_id: 'c1',
    line_items: [{ price: small, quantity: 1 }],
    metadata: { plan: 'small' },
    subscription_data: { metadata: { customer_id: 'c1' }, ...data },
    payment_method_collection: 'always',
    success_url: `${shop}/billing?checkout={CHECKOUT_SESSION_ID}`,
    cancel_url: `${shop}/billing`,
  });

export function sessionContract(account: () => Account): void {
  describe('Checkout', () => {
    test('a session is open with an address until it is expired, and is listed by customer and status', async () => {
      const { stripe } = account();
      const customer = await customerOf(account());
      const made = await begin(account(), customer, {});
      expect(made).toMatchObject({ status: 'open', payment_status: 'unpaid', customer, metadata: { plan: 'small' } });
      expect(made.url).toMatch(/^https?:/);
      expect(made.expires_at - made.created).toBe(daySeconds);
      const open = async () => (await stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 })).data;
      expect((await open()).map(({ id }) => id)).toEqual([made.id]);
      expect(await stripe.checkout.sessions.expire(made.id)).toMatchObject({ status: 'expired' });
      expect(await open()).toEqual([]);
      expect(await refusal(stripe.checkout.sessions.expire(made.id))).toMatchObject({ statusCode: 400 });
      const read = await stripe.checkout.sessions.retrieve(made.id, { expand: ['line_items', 'subscription'] });
      expect(read).toMatchObject({ subscription: null, line_items: { data: [{ quantity: 1 }] } });
    });

    test('a trial that goes on is passed on when it is two days or more', async () => {
      const customer = await customerOf(account());
      const settings = { trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' as const } } };
      const made = await begin(account(), customer, { trial_end: inDays(5), ...settings });
      expect(made).toMatchObject({ status: 'open', amount_total: 0 });
      await account().stripe.checkout.sessions.expire(made.id);
      const error = await refusal(begin(account(), customer, { trial_end: inDays(1), ...settings }));
      expect(error).toMatchObject({ statusCode: 400, param: 'subscription_data[trial_end]' });
    });
  });

  describe('the billing portal', () => {
    test('has a configuration of ours, and sessions with an address, also for one task', async () => {
      const { stripe, tag } = account();
      const configuration = await stripe.billingPortal.configurations.create({
        features: {
          customer_update: { enabled: false },
          invoice_history: { enabled: true },
          payment_method_update: { enabled: true },
          subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
          subscription_update: { enabled: false },
        },
        metadata: { contract: tag },
      });
      account().later(() => stripe.billingPortal.configurations.update(configuration.id, { active: false }));
      expect(configuration.features).toMatchObject({
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
        subscription_update: { enabled: false },
      });
      const customer = await customerOf(account());
      const params = { customer, configuration: configuration.id, return_url: `${shop}/billing` };
      const home = await stripe.billingPortal.sessions.create(params);
      expect(home).toMatchObject({ customer, configuration: configuration.id, return_url: `${shop}/billing` });
      expect(home.url).toMatch(/^https?:/);
      const task = await stripe.billingPortal.sessions.create({
        ...params,
        flow_data: {
          type: 'payment_method_update',
          after_completion: { type: 'redirect', redirect: { return_url: `${shop}/billing?returned=1` } },
        },
      });
      expect(task.flow).toMatchObject({ type: 'payment_method_update', after_completion: { type: 'redirect' } });
    });
  });
}
