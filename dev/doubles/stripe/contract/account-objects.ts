/** Contract: prices, customers, events, webhook endpoints, errors and repeats. */
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { type Account, refusal, until } from '@/dev/doubles/stripe/contract/account';

/** What an endpoint of the contract is told of. */
export const endpointEvents: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = [
  'checkout.session.completed',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'customer.subscription.updated',
  'customer.updated',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.paid',
  'invoice.payment_action_required',
  'invoice.payment_failed',
  'invoice.voided',
  'subscription_schedule.canceled',
  'subscription_schedule.released',
  'subscription_schedule.updated',
];

async function newCustomer({ stripe, tag, later }: Account, more: Stripe.CustomerCreateParams = {}) {
  const made = await stripe.customers.create({
    email: `${tag}@contract.example`,
    metadata: { customer_id: tag },
    ...more,
  });
  return { made, later };
}

export function accountContract(account: () => Account): void {
  describe('prices', () => {
    test('a price is found by its look-up key while it is active, and a key moves only when told', async () => {
      const { stripe, small, key } = bound(account());
      const { data } = await stripe.prices.list({
        lookup_keys: [key('small')],
        active: true,
        expand: ['data.product'],
      });
      expect(data).toMatchObject([
        { id: small, unit_amount: 4_900, recurring: { interval: 'month', interval_count: 1 } },
      ]);
      expect(data[0]?.product).toMatchObject({ object: 'product' });
      const old = await account().price('moving', 500);
      const params = { product: String(old.product), currency: 'usd', unit_amount: 600, lookup_key: key('moving') };
      expect(await refusal(stripe.prices.create(params))).toMatchObject({ statusCode: 400 });
      const made = await stripe.prices.create({ ...params, transfer_lookup_key: true });
      account().later(() => stripe.prices.update(made.id, { active: false }));
      expect((await stripe.prices.retrieve(old.id)).lookup_key).toBeNull();
    });
  });

  describe('customers', () => {
    test('one is found by its address, changed, emptied of a phone number, and deleted once', async () => {
      const { stripe, tag } = account();
      const { made } = await newCustomer(account());
      const found: string[] = [];
      for await (const each of stripe.customers.list({ email: `${tag}@contract.example`, limit: 100 }))
        if (each.metadata.customer_id === tag) found.push(each.id);
      expect(found).toContain(made.id);
      await stripe.customers.update(made.id, { name: 'Acme', phone: '+15550100' });
      await stripe.customers.update(made.id, { phone: '' });
      expect(await stripe.customers.retrieve(made.id)).toMatchObject({ name: 'Acme', phone: null });
      expect(await stripe.customers.del(made.id)).toMatchObject({ deleted: true });
      expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, deleted: true });
      expect(await refusal(stripe.customers.del(made.id))).toMatchObject({ code: 'resource_missing' });
    });

    test('a repeat under one idempotency key is the first answer; another request under it is refused', async () => {
      const { stripe, key } = bound(account());
      const options = { idempotencyKey: key('once') };
      const params = { metadata: { a: 'b' } };
      const [one, two] = [
        await stripe.customers.create(params, options),
        await stripe.customers.create(params, options),
      ];
      account().later(() => stripe.customers.del(one.id));
      expect(two.id).toBe(one.id);
      expect(await refusal(stripe.customers.create({ name: 'Other' }, options))).toMatchObject({
        type: 'StripeIdempotencyError',
      });
    });

    test('what is not there, missing or unknown is refused by name', async () => {
      const { stripe } = account();
      expect(await refusal(stripe.subscriptions.retrieve('sub_none'))).toMatchObject({
        statusCode: 404,
        code: 'resource_missing',
      });
      const send = (params: object) => refusal(stripe.rawRequest('POST', '/v1/products', params));
      expect(await send({})).toMatchObject({ code: 'parameter_missing', param: 'name' });
      expect(await send({ name: 'x', nmae: 'y' })).toMatchObject({ code: 'parameter_unknown', param: 'nmae' });
    });
  });

  describe('events and webhooks', () => {
    test('a change is an event with the object and what was there before', async () => {
      const { stripe } = account();
      const { made } = await newCustomer(account());
      account().later(() => stripe.customers.del(made.id));
      await stripe.customers.update(made.id, { name: 'Later' });
      const event = await until(async () => {
        const { data } = await stripe.events.list({ type: 'customer.updated', limit: 100 });
        return data.find(({ data: { object } }) => 'id' in object && object.id === made.id);
      });
      expect(event).toMatchObject({
        object: 'event',
        livemode: false,
        data: { object: { name: 'Later' }, previous_attributes: { name: null } },
      });
      expect(await stripe.events.retrieve(event.id)).toMatchObject({ id: event.id, type: 'customer.updated' });
    });

    test('an endpoint takes exactly the events it is given, and tells its secret once', async () => {
      const { stripe, tag } = account();
      const url = `https://${tag}.contract.example/api/webhooks/stripe`;
      const made = await stripe.webhookEndpoints.create({
        url,
        enabled_events: endpointEvents,
        api_version: Stripe.API_VERSION,
      });
      account().later(() => stripe.webhookEndpoints.del(made.id));
      expect(made.secret).toMatch(/^whsec_/);
      expect(made.enabled_events.toSorted()).toEqual(endpointEvents.toSorted());
      const changed = await stripe.webhookEndpoints.update(made.id, { enabled_events: ['invoice.paid'] });
      expect(changed).toMatchObject({ url, status: 'enabled', enabled_events: ['invoice.paid'] });
      expect(await stripe.webhookEndpoints.retrieve(made.id)).not.toHaveProperty('secret');
    });
  });
}

/** An account with its methods free of `this`. */
const bound = (account: Account) => ({
  stripe: account.stripe,
  small: account.small,
  key: (name: string) => account.key(name),
});
