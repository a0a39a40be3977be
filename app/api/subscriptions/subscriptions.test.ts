/** The JSON routes of billing: who may see what, what a suspended organization may still do, refusals as problem documents. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POST as change } from '@/app/api/subscriptions/change/route';
import { POST as checkout } from '@/app/api/subscriptions/checkout/route';
import { GET as listInvoices } from '@/app/api/subscriptions/invoices/route';
import { POST as keep } from '@/app/api/subscriptions/keep/route';
import { POST as portal } from '@/app/api/subscriptions/portal/route';
import { GET as preview } from '@/app/api/subscriptions/preview/route';
import { GET as read } from '@/app/api/subscriptions/route';
import { POST as invite } from '@/app/api/team/route';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, suspend } from '@/dev/testing/billing';
import { customerKey } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import type { RouteInfo } from '@/lib/edge/portal/route';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import type { Role } from '@/lib/kernel/permissions';
import { env } from '@/lib/platform/env';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

type Handler = ((request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>) & {
  info: RouteInfo;
};

async function cookieOf(world: World, role: Role): Promise<Record<string, string>> {
  const { userId, email } = world.members[role];
  const token = sessionToken({ userId, email }, { customerId: world.customerId });
  const value = await sealedToken(token);
  return { cookie: `${sessionCookieName()}=${value}`, origin: new URL(env().PORTAL_URL).origin };
}

async function call(
  handler: Handler,
  headers: Record<string, string>,
  { body, query = '' }: { body?: object; query?: string } = {},
) {
  const json = body ? { 'content-type': 'application/json' } : undefined;
  const init = {
    method: handler.info.method,
    headers: { ...json, ...headers },
    body: body ? JSON.stringify(body) : null,
  };
  const response = await handler(new Request(`${env().PORTAL_URL}/api/x${query}`, init), {
    params: Promise.resolve({}),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

test('an owner previews, changes, takes back and pays by JSON', async () => {
  const { world } = await createPayer(double, 'PROFESSIONAL');
  const owner = await cookieOf(world, 'OWNER');
  expect(await call(preview, owner, { query: '?plan=SCALE' })).toMatchObject({
    status: 200,
    body: { direction: 'upgrade' },
  });
  const planned = await call(change, owner, { body: { plan: 'STARTER' } });
  expect(planned).toMatchObject({ status: 200, body: { plan: 'PROFESSIONAL', scheduled_plan: 'STARTER' } });
  expect(await call(keep, owner)).toMatchObject({ status: 200, body: { scheduled_plan: null } });
  expect(await call(read, owner)).toMatchObject({
    status: 200,
    body: { plan: 'PROFESSIONAL', has_subscription: true },
  });
  const opened = await call(portal, owner, { body: {} });
  expect([opened.status, opened.headers.get('cache-control')]).toEqual([201, 'no-store']);
  expect(await call(checkout, owner, { body: { plan: 'SCALE' } })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
  expect(await call(listInvoices, owner)).toMatchObject({ status: 200, body: { next_cursor: null } });
});

/** What the preview of SCALE answers, as the body of the change. */
async function confirmed(owner: Record<string, string>) {
  const { body } = await call(preview, owner, { query: '?plan=SCALE' });
  const { direction, amount_due_cents: amount_cents, proration_date } = body;
  return { plan: 'SCALE', direction, amount_cents, proration_date };
}

test('a change that costs something is made with the amount that was confirmed, and 409 without it', async () => {
  const { world, stripeCustomerId } = await createPayer(double, 'STARTER');
  const owner = await cookieOf(world, 'OWNER');
  const inAMonth = Math.floor(Date.now() / 1000) + 27 * 86_400;
  for (const body of [
    { plan: 'SCALE' },
    { plan: 'SCALE', proration_date: inAMonth },
    { plan: 'SCALE', proration_date: inAMonth, amount_cents: 0 },
  ])
    expect(await call(change, owner, { body })).toMatchObject({
      status: 409,
      body: { code: 'conflict', direction: 'upgrade', amount_due_cents: 45_000, proration_date: expect.any(Number) },
    });
  expect((await double.client.invoices.list({ customer: stripeCustomerId })).data).toHaveLength(1);
  const made = await call(change, owner, { body: await confirmed(owner) });
  expect(made).toMatchObject({ status: 200, body: { plan: 'SCALE', payment: null } });
});

test('a declined card is 402, with the reason', async () => {
  const { world, stripeCustomerId } = await createPayer(double, 'STARTER');
  await double.control('card', { customer: stripeCustomerId, behaviour: 'declined' });
  const admin = await cookieOf(world, 'ADMIN');
  expect(await call(change, admin, { body: await confirmed(admin) })).toMatchObject({
    status: 402,
    body: { code: 'payment_failed', payment_error: expect.stringMatching(/decline/) },
  });
});

test('a bank that asks the cardholder is 202, with where to confirm', async () => {
  const { world, stripeCustomerId } = await createPayer(double, 'STARTER');
  await double.control('card', { customer: stripeCustomerId, behaviour: 'authentication_required' });
  const owner = await cookieOf(world, 'OWNER');
  const waits = { plan: 'SCALE', url: expect.stringContaining('/i/in_') };
  const asked = await call(change, owner, { body: await confirmed(owner) });
  expect(asked).toMatchObject({ status: 202, body: { plan: 'STARTER', payment: waits } });
  expect(await call(preview, owner, { query: '?plan=SCALE' })).toMatchObject({ body: { payment: waits } });
  expect(await call(keep, owner)).toMatchObject({ status: 200, body: { plan: 'STARTER', payment: null } });
});

describe('a suspended organization', () => {
  test('may see its plan, pay and open the portal, and nothing else', async () => {
    const { world } = await createPayer(double, 'STARTER');
    const trial = await createWorld();
    await Promise.all([suspend(world), suspend(trial)]);
    const owner = await cookieOf(world, 'OWNER');
    expect(await call(read, owner)).toMatchObject({ status: 200, body: { is_suspended: true } });
    expect(await call(portal, owner, { body: {} })).toMatchObject({ status: 201 });
    expect(await call(checkout, await cookieOf(trial, 'OWNER'), { body: { plan: 'STARTER' } })).toMatchObject({
      status: 201,
    });
    expect(await call(invite, owner, { body: { emails: ['x@example.com'], role: 'VIEWER' } })).toMatchObject({
      status: 403,
      body: { code: 'customer_suspended' },
    });
  });

  test('reads its plan by a key, which can do nothing else', async () => {
    const world = await createWorld();
    const { text } = await customerKey(world, ['billing:read', 'team:write']);
    await suspend(world);
    const byKey = { authorization: `Bearer ${text}` };
    expect(await call(read, byKey)).toMatchObject({ status: 200 });
    const refused = await call(invite, byKey, { body: { emails: ['x@example.com'], role: 'VIEWER' } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'customer_suspended' } });
  });
});

test('a key may read the plan and its use with billing:read alone, and never get an address of Stripe', async () => {
  const world = await createWorld();
  const { text } = await customerKey(world, ['billing:read']);
  const byKey = { authorization: `Bearer ${text}` };
  expect(await call(read, byKey)).toMatchObject({ status: 200, body: { limits: { seats: 2 }, use: { seats: 4 } } });
  for (const [handler, body] of [
    [portal, {}],
    [checkout, { plan: 'SCALE' }],
    [keep, undefined],
  ] as const)
    expect(await call(handler, byKey, { body })).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  expect(await call(listInvoices, byKey)).toMatchObject({ status: 403 });
});

test.each([
  ['an unknown plan', checkout, { body: { plan: 'FREE' } }],
  ['another flow', portal, { body: { flow: 'subscription_update' } }],
  ['an unknown field', change, { body: { plan: 'SCALE', customer_id: 'cus_x' } }],
  ['no plan', preview, {}],
  ['too many', listInvoices, { query: '?limit=1000' }],
] as const)('%s is 400', async (_, handler, sent) => {
  const world = await createWorld();
  expect(await call(handler, await cookieOf(world, 'OWNER'), sent)).toMatchObject({
    status: 400,
    body: { code: 'invalid_input' },
  });
});
