/** What does not add up between Stripe and us is flagged for staff, changes no limit, and resolves itself. */
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import {
  createPayer,
  currentRow,
  flagsOf,
  stateOf,
  subscribe,
  subscriptionRows,
  withBilling,
} from '@/dev/testing/stripe-life';
import { customers } from '@/lib/domains/customers/tables';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const sync = (id: string) => syncSubscription(id, 'stripe');

describe('what does not add up', () => {
  test('an unknown price leaves plan and limits, is flagged, and resolves itself', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'PROFESSIONAL');
    await sync(made.id);
    const item = made.items.data[0]?.id ?? '';
    const product = await billing.client.products.create({ name: 'Special' });
    const odd = await billing.client.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    });
    await billing.client.subscriptions.update(made.id, { items: [{ id: item, price: odd.id }] });
    expect(await sync(made.id)).toMatchObject({ outcome: 'flagged' });
    expect(await stateOf(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE', dailyLimit: 25 });
    expect(await flagsOf(made.id)).toMatchObject([
      {
        kind: 'unknown_price',
        customerId: payer.customerId,
        resolvedAt: null,
        detail: expect.stringContaining(odd.id),
      },
    ]);
    const starter = { id: item, price: billing.prices.STARTER };
    await billing.client.subscriptions.update(made.id, { items: [starter] });
    expect(await sync(made.id)).toMatchObject({ outcome: 'applied' });
    expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', dailyLimit: 6 });
    expect((await flagsOf(made.id))[0]?.resolvedAt).not.toBeNull();
  });

  test('several items and a quantity other than one are flagged and change no limit', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'STARTER');
    await sync(made.id);
    const item = made.items.data[0]?.id ?? '';
    await billing.client.subscriptions.update(made.id, { items: [{ id: item, quantity: 3 }] });
    expect(await sync(made.id)).toMatchObject({ outcome: 'flagged' });
    expect((await flagsOf(made.id)).map(flag => flag.kind)).toEqual(['quantity']);
    await billing.client.subscriptions.update(made.id, {
      items: [{ id: item, quantity: 1 }, { price: billing.prices.SCALE }],
    });
    expect(await sync(made.id)).toMatchObject({ outcome: 'flagged' });
    const open = (await flagsOf(made.id)).filter(flag => flag.resolvedAt === null);
    expect(open.map(flag => flag.kind)).toEqual(['several_items']);
    expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', dailyLimit: 6 });
  });

  test('a price that is no longer sold is still its plan’s', async () => {
    const payer = await createPayer(billing);
    const old = await billing.client.prices.create({
      product_data: { name: 'Tenantry Scale of last year' },
      currency: 'usd',
      unit_amount: 39_900,
      recurring: { interval: 'month' },
      metadata: { plan: 'SCALE' },
    });
    const { id } = await billing.client.subscriptions.create({
      customer: payer.stripeCustomerId,
      items: [{ price: old.id }],
    });
    expect(await sync(id)).toMatchObject({ outcome: 'applied' });
    expect(await currentRow(payer)).toMatchObject({ planName: 'SCALE', monthlyPriceUsd: '399.00' });
  });

  test('a second subscription beside a live one is flagged, and takes its place once that ends', async () => {
    const payer = await createPayer(billing);
    const first = await subscribe(billing, payer, 'STARTER');
    const second = await subscribe(billing, payer, 'SCALE');
    await sync(first.id);
    expect(await sync(second.id)).toMatchObject({ outcome: 'flagged', mirror: [] });
    expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER' });
    expect(await flagsOf(second.id)).toMatchObject([{ kind: 'second_subscription', resolvedAt: null }]);
    await billing.client.subscriptions.cancel(first.id);
    await sync(first.id);
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', profile: 'ACTIVE', refused: null });
    expect((await subscriptionRows(payer)).map(row => [row.stripeSubscriptionId, row.status])).toEqual([
      [second.id, 'ACTIVE'],
      [first.id, 'CANCELLED'],
    ]);
    expect((await flagsOf(second.id))[0]?.resolvedAt).not.toBeNull();
  });

  test('a customer that we do not know is flagged, until it is', async () => {
    const { id: stranger } = await billing.client.customers.create({ email: 'stranger@example.com' });
    const made = await subscribe(billing, { stripeCustomerId: stranger }, 'STARTER', {
      collection_method: 'send_invoice',
      days_until_due: 3,
    });
    expect(await sync(made.id)).toEqual({ outcome: 'unknown_customer', customerId: null, mirror: [] });
    expect(await flagsOf(stranger)).toMatchObject([{ kind: 'unknown_customer', resolvedAt: null }]);
    const payer = await createPayer(billing);
    await db().update(customers).set({ stripeCustomerId: stranger }).where(eq(customers.customerId, payer.customerId));
    expect(await sync(made.id)).toMatchObject({ outcome: 'applied', customerId: payer.customerId });
    expect((await flagsOf(stranger))[0]?.resolvedAt).not.toBeNull();
  });

  test('an id that Stripe does not have changes nothing', async () => {
    expect(await sync('sub_nothing')).toEqual({ outcome: 'gone', customerId: null, mirror: [] });
  });
});
