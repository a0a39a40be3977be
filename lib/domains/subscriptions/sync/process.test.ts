/** The inbox: neither order nor number of events matters, and each is told of once. */
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import {
  auditOf,
  changesOf,
  createPayer,
  currentRow,
  eventsOf,
  messagesOf,
  type Payer,
  stateOf,
  subscribe,
  withBilling,
} from '@/dev/testing/stripe-life';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import type { StripeEventPayload } from '@/lib/domains/subscriptions/sync/stripe-events';
import { invoices, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const daySeconds = 86_400;

const rowOf = async (eventId: string) =>
  (await db().select().from(stripeEvents).where(eq(stripeEvents.eventId, eventId)))[0];

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
    const all = await eventsOf(billing, payer.stripeCustomerId);
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
      const fresh = (await eventsOf(billing, payer.stripeCustomerId)).filter(event => !done.includes(event.id));
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
    const owing = await currentRow(payer);
    expect(owing).toMatchObject({ status: 'PAST_DUE', lastPaymentError: 'insufficient funds' });
    expect(owing.lastPaymentFailedAt).not.toBeNull();
    const [mail] = await messagesOf(payer, 'payment_failed');
    expect(mail?.data).toMatchObject({ amount_cents: 19_900, currency: 'USD', reason: 'insufficient funds' });
    expect(mail?.data).toHaveProperty('runs_until', expect.stringMatching(/^\d{4}-\d\d-\d\d$/));
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
    const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
    await billing.client.invoices.pay(String(invoice));
    await work();
    expect(await currentRow(payer)).toMatchObject({
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
