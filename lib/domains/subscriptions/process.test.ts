/** The inbox: order and number of events do not matter, failures wait and are given up, nothing holds others up. */
import { eq } from 'drizzle-orm';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDeadEvents, replayEvent } from '@/lib/domains/subscriptions/event-replay';
import { eventBacklog, forgetEvents, storeEvents } from '@/lib/domains/subscriptions/inbox';
import { processDue } from '@/lib/domains/subscriptions/process';
import { backoffMs } from '@/lib/domains/subscriptions/process-rules';
import { type StripeEventPayload, stripeEventSchema } from '@/lib/domains/subscriptions/stripe-events';
import { invoices, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import {
  auditOf,
  type Billing,
  changesOf,
  createPayer,
  flagsOf,
  inForce,
  messagesOf,
  type Payer,
  startBilling,
  stateOf,
  subscribe,
} from '@/lib/testing/stripe-life';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing.stop());

const daySeconds = 86_400;

/** What Stripe has told of a customer so far, oldest first. */
async function eventsOf(stripeCustomerId: string): Promise<StripeEventPayload[]> {
  const events: StripeEventPayload[] = [];
  for await (const event of billing.client.events.list({ limit: 100 })) {
    const object = event.data.object as { customer?: unknown; id?: string };
    if (object.customer === stripeCustomerId || object.id === stripeCustomerId)
      events.unshift(stripeEventSchema.parse(event));
  }
  return events;
}

const rowOf = async (eventId: string) =>
  (await db().select().from(stripeEvents).where(eq(stripeEvents.eventId, eventId)))[0];

const madeUp = (type: string, object: object): StripeEventPayload =>
  stripeEventSchema.parse({
    id: `evt_${randomText(20)}`,
    object: 'event',
    type,
    livemode: false,
    created: Math.floor(Date.now() / 1_000),
    data: { object },
  });

const permutations = <Item>(items: Item[]): Item[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map(rest => [item, ...rest]));

describe('a life of four events', () => {
  /** Subscribes, fails to pay, pays and leaves; the events that tell of it. */
  async function live(): Promise<{ payer: Payer; id: string; life: StripeEventPayload[] }> {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'PROFESSIONAL');
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
    await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 32 * daySeconds });
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
    const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
    await billing.client.invoices.pay(String(invoice));
    await billing.client.subscriptions.cancel(id);
    const all = await eventsOf(payer.stripeCustomerId);
    const of = (type: string) => all.filter(event => event.type === type);
    const life = [
      of('customer.subscription.created')[0],
      of('invoice.payment_failed')[0],
      of('invoice.paid').at(-1),
      of('customer.subscription.deleted')[0],
    ].filter(event => event !== undefined);
    expect(life).toHaveLength(4);
    return { payer, id, life };
  }

  test('in every order, each sent three times, worked on after every delivery: one final state, one mail each', async () => {
    const orders = permutations([0, 1, 2, 3]);
    expect(orders).toHaveLength(24);
    const lives: Awaited<ReturnType<typeof live>>[] = [];
    for (const _ of orders) lives.push(await live());
    for (const [at, order] of orders.entries()) {
      const { payer, life } = lives[at] as (typeof lives)[number];
      for (const index of [...order, ...order, ...order]) {
        await storeEvents([life[index] as StripeEventPayload]);
        await processDue({ stripeCustomers: [payer.stripeCustomerId] });
      }
    }
    for (const { payer, life } of lives) {
      expect(await stateOf(payer)).toEqual({
        plan: 'PROFESSIONAL',
        status: 'CANCELLED',
        profile: 'CANCELLED',
        profilePlan: 'PROFESSIONAL',
        dailyLimit: 25,
        refused: 'subscription_inactive',
      });
      expect((await changesOf(payer)).map(change => change.toStatus)).toEqual(['TRIAL', 'CANCELLED']);
      expect(await auditOf(payer, 'subscription.apply')).toHaveLength(1);
      const mails = await messagesOf(payer, 'payment_failed');
      // One for each of the two members who get it: the owner and the admin.
      expect(mails).toHaveLength(2);
      expect(new Set(mails.map(mail => mail.subject)).size).toBe(1);
      const kept = await db().select().from(invoices).where(eq(invoices.customerId, payer.customerId));
      expect(kept.every(invoice => invoice.status === 'paid' || invoice.status === 'void')).toBe(true);
      for (const event of life) expect(await rowOf(event.id)).toMatchObject({ status: 'done', attempts: 0 });
    }
  }, 240_000);

  test('as they happen, one by one, the plan follows each', async () => {
    const payer = await createPayer(billing);
    const done: string[] = [];
    const work = async () => {
      const fresh = (await eventsOf(payer.stripeCustomerId)).filter(event => !done.includes(event.id));
      done.push(...fresh.map(event => event.id));
      await storeEvents(fresh);
      return processDue({ stripeCustomers: [payer.stripeCustomerId] });
    };
    const { id } = await subscribe(billing, payer, 'PROFESSIONAL');
    await work();
    expect(await stateOf(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE' });
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'insufficient_funds' });
    await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 32 * daySeconds });
    await work();
    const owing = await inForce(payer);
    expect(owing).toMatchObject({ status: 'PAST_DUE', lastPaymentError: 'insufficient funds' });
    expect(owing.lastPaymentFailedAt).not.toBeNull();
    const [mail] = await messagesOf(payer, 'payment_failed');
    expect(mail?.data).toMatchObject({ amount_cents: 19_900, currency: 'USD', reason: 'insufficient funds' });
    expect(mail?.data).toHaveProperty('runs_until', expect.stringMatching(/^\d{4}-\d\d-\d\d$/));
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
    const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
    await billing.client.invoices.pay(String(invoice));
    await work();
    expect(await inForce(payer)).toMatchObject({
      status: 'ACTIVE',
      lastPaymentError: null,
      lastPaymentFailedAt: null,
      pastDueSince: null,
    });
    const kept = await db().select().from(invoices).where(eq(invoices.customerId, payer.customerId));
    expect(kept).toHaveLength(2);
    expect(kept.map(row => [row.status, row.totalCents, row.amountPaidCents, row.lastError])).toEqual([
      ['paid', 19_900, 19_900, null],
      ['paid', 19_900, 19_900, null],
    ]);
    await billing.client.subscriptions.cancel(id);
    await work();
    expect(await stateOf(payer)).toMatchObject({ status: 'CANCELLED', refused: 'subscription_inactive' });
  });
});

describe('what cannot be done at once', () => {
  test('a poison event waits alone: the other events of its subscription are done', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'SCALE');
    const [created] = (await eventsOf(payer.stripeCustomerId)).filter(
      event => event.type === 'customer.subscription.created',
    );
    const poison = madeUp('customer.subscription.updated', {
      object: 'subscription',
      id: 'sub_',
      customer: payer.stripeCustomerId,
    });
    await storeEvents([poison]);
    // Nothing of Stripe's looks so: its payload is broken after the fact.
    await db()
      .update(stripeEvents)
      .set({ stripeSubscriptionId: id, payload: { data: null } })
      .where(eq(stripeEvents.eventId, poison.id));
    await storeEvents([created as StripeEventPayload]);
    const only = { stripeCustomers: [payer.stripeCustomerId] };
    const { done, later } = await processDue(only);
    expect(done + later).toBe(2);
    const clock = () => new Date(Date.now() + 6_000);
    expect(await processDue({ ...only, clock })).toMatchObject({ done: 1 - done, later: 1 });
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
    expect(await rowOf(poison.id)).toMatchObject({ status: 'waiting', attempts: 2 });
    expect((await rowOf(poison.id))?.lastError).toBeTruthy();
  });

  test('after its last attempt an event is dead, staff see it, and a replay puts it back in line', async () => {
    const payer = await createPayer(billing);
    await subscribe(billing, payer, 'SCALE');
    const [created] = (await eventsOf(payer.stripeCustomerId)).filter(
      event => event.type === 'customer.subscription.created',
    );
    const { id } = created as StripeEventPayload;
    await storeEvents([created as StripeEventPayload]);
    const good = (await rowOf(id))?.payload;
    await db()
      .update(stripeEvents)
      .set({ payload: {}, attempts: backoffMs.length })
      .where(eq(stripeEvents.eventId, id));
    const only = { stripeCustomers: [payer.stripeCustomerId] };
    expect(await processDue(only)).toMatchObject({ dead: 1 });
    const staff = { ...systemCtx('x'), actor: { type: 'staff' as const, id: 'ann@example.com' } };
    const dead = await listDeadEvents(staff);
    expect(dead.map(event => event.eventId)).toContain(id);
    expect(JSON.stringify(dead)).not.toContain(payer.customer.adminEmail);
    await expect(listDeadEvents(payer.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
    expect((await eventBacklog()).dead).toBeGreaterThan(0);
    await db().update(stripeEvents).set({ payload: good }).where(eq(stripeEvents.eventId, id));
    await replayEvent(staff, { event_id: id });
    await expect(replayEvent(staff, { event_id: id })).rejects.toMatchObject({ code: 'conflict' });
    expect(await processDue(only)).toMatchObject({ done: 1 });
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  });

  test('while Stripe is away all wait and no attempt is counted', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'SCALE');
    const events = await eventsOf(payer.stripeCustomerId);
    await storeEvents(events);
    const only = { stripeCustomers: [payer.stripeCustomerId] };
    await billing.control('fail', { path: `/v1/subscriptions/${made.id}`, times: 100, status: 503 });
    expect(await processDue(only)).toMatchObject({ away: true, later: 0, dead: 0 });
    expect(await processDue(only)).toMatchObject({ away: true, done: 0 });
    const waiting = await Promise.all(events.map(event => rowOf(event.id)));
    const handled = waiting.filter(row => row?.stripeSubscriptionId && row.status !== 'ignored');
    expect(handled.length).toBeGreaterThan(0);
    expect(handled.every(row => row?.status === 'waiting' && row.attempts === 0)).toBe(true);
    await billing.control('fail', { path: `/v1/subscriptions/${made.id}`, times: 0 });
    forgetProcessWide('stripe-away');
    expect(await processDue(only)).toMatchObject({ away: false });
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  });

  test('an event of a customer that is none of ours is kept, flagged and done', async () => {
    const { id } = await billing.client.customers.create({ email: 'nobody@example.com' });
    const method = await billing.client.paymentMethods.attach('pm_card_visa', { customer: id });
    await subscribe(billing, { stripeCustomerId: id }, 'STARTER', { default_payment_method: method.id });
    const events = await eventsOf(id);
    await storeEvents(events);
    await processDue({ stripeCustomers: [id] });
    const [flag] = await flagsOf(id);
    expect(flag).toMatchObject({ kind: 'unknown_customer', customerId: null, resolvedAt: null });
    for (const event of events) expect((await rowOf(event.id))?.status).toMatch(/done|ignored/);
  });

  test('where Stripe no longer has the subscription, the newest event’s own object holds; the same second goes to the end', async () => {
    const payer = await createPayer(billing);
    const real = await billing.client.subscriptions.retrieve((await subscribe(billing, payer, 'SCALE')).id);
    const told = (status: Stripe.Subscription['status']) =>
      madeUp('customer.subscription.updated', { ...real, id: 'sub_vanished', status });
    const only = { stripeCustomers: [payer.stripeCustomerId] };
    await storeEvents([told('active')]);
    await processDue(only);
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
    const second = (
      await rowOf(
        (
          await db().select().from(stripeEvents).where(eq(stripeEvents.stripeSubscriptionId, 'sub_vanished'))
        )[0]?.eventId ?? '',
      )
    )?.createdAt as Date;
    const at = Math.floor(second.getTime() / 1_000);
    await storeEvents([{ ...told('canceled'), created: at }]);
    await processDue(only);
    expect(await stateOf(payer)).toMatchObject({ status: 'CANCELLED' });
    await storeEvents([{ ...told('active'), created: at }]);
    await processDue(only);
    expect(await stateOf(payer)).toMatchObject({ status: 'CANCELLED' });
  });

  test('a card that is put on file or taken off is known from the customer’s event', async () => {
    const payer = await createPayer(billing, { card: null });
    const trialEnd = Math.floor(Date.now() / 1_000) + 9 * daySeconds;
    await subscribe(billing, payer, 'STARTER', { trial_end: trialEnd });
    const only = { stripeCustomers: [payer.stripeCustomerId] };
    await storeEvents(await eventsOf(payer.stripeCustomerId));
    await processDue(only);
    expect(await inForce(payer)).toMatchObject({ status: 'TRIAL', paymentMethodOnFile: false });
    const card = await billing.client.paymentMethods.attach('pm_card_visa', { customer: payer.stripeCustomerId });
    await billing.client.customers.update(payer.stripeCustomerId, {
      invoice_settings: { default_payment_method: card.id },
    });
    await storeEvents(await eventsOf(payer.stripeCustomerId));
    await processDue(only);
    expect(await inForce(payer)).toMatchObject({ paymentMethodOnFile: true });
  });

  test('done and ignored events are forgotten after 30 days, waiting and dead ones never', async () => {
    const kept = madeUp('customer.subscription.updated', { object: 'subscription', id: 'sub_x', customer: 'cus_x' });
    const gone = madeUp('charge.succeeded', { object: 'charge', id: 'ch_x', customer: 'cus_x' });
    await storeEvents([kept, gone]);
    expect(await rowOf(gone.id)).toMatchObject({ status: 'ignored' });
    expect(await forgetEvents(new Date(Date.now() + 29 * daySeconds * 1_000))).toBe(0);
    await forgetEvents(new Date(Date.now() + 31 * daySeconds * 1_000));
    expect(await rowOf(gone.id)).toBeUndefined();
    expect(await rowOf(kept.id)).toMatchObject({ status: 'waiting' });
  });
});
