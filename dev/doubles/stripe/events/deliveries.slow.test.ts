/** Events and webhooks of the double, against the official client and a real endpoint. */
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Receiver, receiver } from '@/dev/doubles/stripe/events/deliveries-receiver';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';

let double: StartedDouble;
let hook: Receiver;
let endpoint: Stripe.WebhookEndpoint;
beforeAll(async () => {
  double = await startDouble();
});
afterAll(() => double.stop());
beforeEach(async () => {
  hook = await receiver();
  endpoint = await double.client.webhookEndpoints.create({
    url: hook.url,
    enabled_events: ['customer.created', 'customer.updated'],
  });
});
afterEach(async () => {
  await double.client.webhookEndpoints.del(endpoint.id);
  await double.control('deliveries', { mode: 'normal' });
  await hook.close();
});

const newCustomer = () => double.client.customers.create({ email: 'a@one.example' });
const eventsOf = async (customer: string) => {
  const { data } = await double.client.events.list({ limit: 100 });
  return data.filter(({ data: { object } }) => 'id' in object && object.id === customer).toReversed();
};
/** A customer with one created and two updated events. */
async function life(): Promise<{ customer: string; events: string[] }> {
  const { id: customer } = await newCustomer();
  for (const name of ['One', 'Two']) await double.client.customers.update(customer, { name });
  return { customer, events: (await eventsOf(customer)).map(({ id }) => id) };
}

test('an event is signed so that the official client accepts it, and no other body or secret', async () => {
  const { id } = await newCustomer();
  const [sent] = await hook.until(1);
  if (!sent || !endpoint.secret) throw new Error('nothing came');
  const event = await double.client.webhooks.constructEventAsync(sent.body, sent.signature, endpoint.secret);
  expect(event).toMatchObject({ type: 'customer.created', livemode: false, data: { object: { id } } });
  expect(event.api_version).toBe(Stripe.API_VERSION);
  const t = Number(/t=(\d+)/.exec(sent.signature)?.[1]);
  const own = Stripe.webhooks.generateTestHeaderString({ payload: sent.body, secret: endpoint.secret, timestamp: t });
  expect(sent.signature).toBe(own);
  const { constructEventAsync } = double.client.webhooks;
  await expect(constructEventAsync(`${sent.body} `, sent.signature, endpoint.secret)).rejects.toThrow(/signature/);
  await expect(constructEventAsync(sent.body, sent.signature, 'whsec_other')).rejects.toThrow(/signature/);
});

test('an event names the request it comes from, what was there before, and is found by id', async () => {
  const { id } = await newCustomer();
  await double.client.customers.update(id, { name: 'Later' }, { idempotencyKey: `key-${id}` });
  const [created, updated] = await eventsOf(id);
  expect(created?.request?.id).toMatch(/^req_/);
  expect(updated).toMatchObject({
    type: 'customer.updated',
    request: { idempotency_key: `key-${id}` },
    data: { object: { name: 'Later' }, previous_attributes: { name: null } },
  });
  expect(created?.data.object).toMatchObject({ name: null });
  expect(await double.client.events.retrieve(updated?.id ?? '')).toMatchObject({ id: updated?.id });
  await expect(double.client.events.retrieve('evt_none')).rejects.toMatchObject({ statusCode: 404 });
});

test('events are listed by type, by time and by whether they were delivered', async () => {
  hook.answerWith(500);
  const { id } = await newCustomer();
  await hook.until(1);
  const [created] = await eventsOf(id);
  const ids = async (params: Stripe.EventListParams) =>
    (await double.client.events.list({ limit: 100, ...params })).data.map(event => event.id);
  expect(await ids({ type: 'customer.created' })).toContain(created?.id);
  expect(await ids({ types: ['customer.updated', 'invoice.paid'] })).not.toContain(created?.id);
  expect(await ids({ type: 'customer.*' })).toContain(created?.id);
  expect(await ids({ created: { gt: (created?.created ?? 0) + 5 } })).toEqual([]);
  expect(await ids({ created: { gte: created?.created ?? 0 } })).toContain(created?.id);
  expect(await ids({ delivery_success: false })).toContain(created?.id);
  expect(await ids({ delivery_success: true })).not.toContain(created?.id);
  expect((await double.client.events.retrieve(created?.id ?? '')).pending_webhooks).toBe(1);
});

test('a delivery that is refused comes again after half a second and two, until it is taken', async () => {
  hook.answerWith(500, 404, 200);
  await newCustomer();
  const [first, second, third] = await hook.until(3);
  if (!first || !second || !third) throw new Error('not all came');
  expect(new Set([first.id, second.id, third.id]).size).toBe(1);
  expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(480);
  expect(third.atMs - second.atMs).toBeGreaterThanOrEqual(1_950);
  await sleep(300);
  expect(hook.received).toHaveLength(3);
});

test('an endpoint is told only of what it asked for, and of nothing while it is disabled', async () => {
  await double.client.webhookEndpoints.update(endpoint.id, { enabled_events: ['customer.updated'] });
  const { id } = await newCustomer();
  await double.client.customers.update(id, { name: 'One' });
  expect((await hook.until(1)).map(({ type }) => type)).toEqual(['customer.updated']);
  await double.client.webhookEndpoints.update(endpoint.id, { disabled: true });
  await double.client.customers.update(id, { name: 'Two' });
  await sleep(200);
  expect(hook.received).toHaveLength(1);
});

test('the secret is answered once; lists, reads and changes never show it', async () => {
  expect(endpoint.secret).toMatch(/^whsec_/);
  expect(await double.client.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret');
  const { data } = await double.client.webhookEndpoints.list();
  expect(data.find(({ id }) => id === endpoint.id)).not.toHaveProperty('secret');
  const old = double.client.webhookEndpoints.create({
    url: hook.url,
    enabled_events: ['*'],
    api_version: '2020-08-27',
  });
  await expect(old).rejects.toMatchObject({ statusCode: 400, param: 'api_version' });
});

test('held events wait, come in the order that is asked for, and can come again', async () => {
  await double.control('deliveries', { mode: 'hold' });
  const { events } = await life();
  await sleep(200);
  expect(hook.received).toHaveLength(0);
  const [a = '', b = '', c = ''] = events;
  const { deliveries } = await double.control<{ deliveries: { status: string }[] }>('deliveries/release', {
    order: [c, a, b, a],
    copies: 2,
  });
  expect(hook.received.map(({ id }) => id)).toEqual([c, c, a, a, b, b, a, a]);
  expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['delivered']));
  await double.control('redeliver', { event: b });
  expect(hook.received.at(-1)?.id).toBe(b);
});

test('deliveries are doubled, turned round or late when asked, for one customer and no other', async () => {
  const { customer, events } = await life();
  await hook.until(3);
  hook.received.length = 0;
  await double.control('deliveries', { mode: 'duplicate', copies: 4, customer });
  await double.client.customers.update(customer, { name: 'Three' });
  await newCustomer();
  await hook.until(5);
  await sleep(150);
  expect(hook.received.filter(({ type }) => type === 'customer.updated')).toHaveLength(4);
  expect(hook.received.filter(({ type }) => type === 'customer.created')).toHaveLength(1);

  hook.received.length = 0;
  await double.control('deliveries', { mode: 'reverse', delay_ms: 300, customer });
  for (const name of ['Four', 'Five']) await double.client.customers.update(customer, { name });
  const newest = (await eventsOf(customer)).map(({ id }) => id).slice(events.length + 1);
  expect((await hook.until(2)).map(({ id }) => id)).toEqual(newest.toReversed());

  hook.received.length = 0;
  await double.control('deliveries', { mode: 'normal', delay_ms: 600, customer });
  const asked = Date.now();
  await double.client.customers.update(customer, { name: 'Six' });
  const [late] = await hook.until(1);
  expect((late?.atMs ?? 0) - asked).toBeGreaterThanOrEqual(590);
  await double.control('deliveries', { mode: 'normal', customer });
});

test('what waited when the double was ended is delivered after its start', async () => {
  hook.answerWith(503);
  const { id } = await newCustomer();
  await hook.until(1);
  await double.end();
  hook.answerWith(200);
  hook.received.length = 0;
  await double.start();
  const [sent] = await hook.until(1);
  expect(JSON.parse(sent?.body ?? '{}')).toMatchObject({ data: { object: { id } } });
});

test('planned failures hit the next calls of a path and no more', async () => {
  const { id } = await newCustomer();
  await double.control('fail', { path: `/v1/customers/${id}`, times: 2, status: 503 });
  const read = () => double.client.customers.retrieve(id);
  for (let call = 0; call < 2; call++) await expect(read()).rejects.toMatchObject({ statusCode: 503 });
  expect(await read()).toMatchObject({ id });
  await double.control('fail', { path: '/v1/customers/*', status: 429 });
  await expect(read()).rejects.toMatchObject({ type: 'StripeRateLimitError' });
  await double.control('fail', { path: '/v1/customers/*', status: 'hang' });
  await expect(double.client.customers.retrieve(id, {}, { timeout: 300 })).rejects.toMatchObject({
    type: 'StripeConnectionError',
  });
  expect(await read()).toMatchObject({ id });
});

test("a customer's time begins in the past, moves and comes back; what was due on the way has happened", async () => {
  const { id: customer } = await newCustomer();
  const now = Math.floor(Date.now() / 1000);
  const begin = now - 65 * 86_400;
  await double.control('clock', { customer, start_at: begin });
  const card = await double.client.paymentMethods.attach('pm_card_visa', { customer });
  const { data: prices } = await double.client.prices.list({ lookup_keys: ['tenantry_starter_monthly'] });
  const subscription = await double.client.subscriptions.create({
    customer,
    items: [{ price: prices[0]?.id ?? '' }],
    default_payment_method: card.id,
  });
  expect(subscription.created).toBe(begin);
  await double.control('clock', { customer, advance_to: now });
  await double.control('clock', { customer, real: true });
  expect(await double.client.customers.retrieve(customer)).toMatchObject({ test_clock: null });
  const { data: invoices } = await double.client.invoices.list({ customer });
  expect(invoices.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
  expect((await double.client.subscriptions.retrieve(subscription.id)).test_clock).toBeNull();
});

test("the stack's endpoint is there from the start, with its known secret, and moves with the portal", async () => {
  const secret = 'whsec_of_the_stack';
  const events = ['customer.updated', 'invoice.paid'];
  const env: Record<string, string> = {
    STRIPE_WEBHOOK_URL: `${hook.url}/old`,
    STRIPE_WEBHOOK_SECRET: secret,
    STRIPE_WEBHOOK_EVENTS: events.join(','),
  };
  const own = await startDouble(env);
  try {
    await own.end();
    env.STRIPE_WEBHOOK_URL = hook.url;
    await own.start();
    const { data } = await own.client.webhookEndpoints.list();
    expect(data).toMatchObject([{ url: hook.url, status: 'enabled' }]);
    expect(data[0]?.enabled_events).toEqual(events);
    const { id } = await own.client.customers.create({ email: 'a@one.example' });
    await own.client.customers.update(id, { name: 'One' });
    const [sent] = await hook.until(1);
    expect(Stripe.webhooks.constructEvent(sent?.body ?? '', sent?.signature ?? '', secret).type).toBe(
      'customer.updated',
    );
  } finally {
    await own.stop();
  }
});

test('the control API refuses what it does not know', async () => {
  const post = (name: string, body: unknown) =>
    fetch(`${double.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post('nothing', {})).status).toBe(404);
  expect((await post('deliveries', { mode: 'sideways' })).status).toBe(400);
  expect((await post('redeliver', { event: 'evt_none' })).status).toBe(404);
  expect((await post('clock', { customer: 'cus_none', seconds: 5 })).status).toBe(400);
});
