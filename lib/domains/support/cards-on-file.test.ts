import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { readCardsOnFile } from '@/lib/domains/support/cards-on-file';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

const staff = { ...systemCtx('x'), actor: { type: 'staff' as const, id: 'ann@example.com' } };

test.each([
  ['a trial that Stripe knows nothing of', { stripeStatus: null, paymentMethodOnFile: null }, 'no'],
  ['Stripe has one', { stripeStatus: 'trialing', paymentMethodOnFile: true }, 'yes'],
  ['Stripe has none', { stripeStatus: 'trialing', paymentMethodOnFile: false }, 'no'],
  ['Stripe has not said', { stripeStatus: 'trialing', paymentMethodOnFile: null }, 'unknown'],
] as const)('card on file: %s', async (_, columns, card) => {
  const { customerId } = await createWorld();
  await db().update(subscriptions).set(columns).where(eq(subscriptions.customerId, customerId));
  const cards = await readCardsOnFile(staff, [customerId, 'cus_nobody']);
  expect([...cards]).toEqual([[customerId, card]]);
});

test('only staff are told', async () => {
  const world = await createWorld();
  await expect(readCardsOnFile(world.as('OWNER'), [world.customerId])).rejects.toMatchObject({ code: 'forbidden' });
});
