/** The inbox: failures wait and are given up, nothing holds others up, and what Stripe no longer has is taken from the event. */
import { eq } from 'drizzle-orm';
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { createPayer, currentRow, eventsOf, flagsOf, stateOf, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { listDeadEvents, replayEvent } from '@/lib/domains/subscriptions/sync/event-replay';
import { forgetEvents, storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { backoffMs } from '@/lib/domains/subscriptions/sync/process-rules';
import { eventBacklog } from '@/lib/domains/subscriptions/sync/queue';
import { type StripeEventPayload, stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import { stripeEvents } from '@/lib/domains/subscriptions/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { forgetProcessWide } from '@/lib/platform/process-wide';

const billing = withBilling();

const daySeconds = 86_400;

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

describe('what cannot be done at once', () => {
  test('a poison event waits alone: the other events of its subscription are done', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'SCALE');
    const [created] = (await eventsOf(billing, payer.stripeCustomerId)).filter(
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
    const [created] = (await eventsOf(billing, payer.stripeCustomerId)).filter(
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
    const events = await eventsOf(billing, payer.stripeCustomerId);
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

  test('an event of a customer that we do not know is kept, flagged and done', async () => {
    const { id } = await billing.client.customers.create({ email: 'nobody@example.com' });
    const method = await billing.client.paymentMethods.attach('pm_card_visa', { customer: id });
    await subscribe(billing, { stripeCustomerId: id }, 'STARTER', { default_payment_method: method.id });
    const events = await eventsOf(billing, id);
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
    await storeEvents(await eventsOf(billing, payer.stripeCustomerId));
    await processDue(only);
    expect(await currentRow(payer)).toMatchObject({ status: 'TRIAL', paymentMethodOnFile: false });
    const card = await billing.client.paymentMethods.attach('pm_card_visa', { customer: payer.stripeCustomerId });
    await billing.client.customers.update(payer.stripeCustomerId, {
      invoice_settings: { default_payment_method: card.id },
    });
    await storeEvents(await eventsOf(billing, payer.stripeCustomerId));
    await processDue(only);
    expect(await currentRow(payer)).toMatchObject({ paymentMethodOnFile: true });
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
