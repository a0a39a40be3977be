/** Control of Checkout: a customer's payments may be through a while before their subscription is there. */
import { z } from 'zod';
import { finish } from '@/dev/doubles/stripe/checkout/checkout-complete';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { missing } from '@/dev/doubles/stripe/errors';

const params = z.strictObject({ customer: z.string(), hold: z.boolean() });

/** Holds back what Checkout makes for a customer from now on, or makes what was held back. Answers the sessions that wait. */
export function holdCheckout(surface: Surface, given: unknown) {
  const { state } = surface;
  const { customer, hold } = params.parse(given);
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const waiting = Object.values(state.checkoutSessions).filter(
    ({ session, heldCard }) => session.customer === customer && heldCard !== undefined,
  );
  if (hold) {
    state.heldCheckouts[customer] = true;
    return { waiting: waiting.map(({ session }) => session.id) };
  }
  delete state.heldCheckouts[customer];
  for (const kept of waiting) finish(surface, kept, customer, kept.heldCard ?? undefined);
  return { waiting: [] };
}
