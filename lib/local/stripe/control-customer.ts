/** Control of one customer: its time, and how its card behaves. */
import { z } from 'zod';
import type { Surface } from '@/lib/local/stripe/control';
import { missing } from '@/lib/local/stripe/errors';
import { nowSeconds, type StripeState } from '@/lib/local/stripe/state';

type Clock = { id: string; frozen_time: number };

const clockParams = z
  .strictObject({
    customer: z.string(),
    advance_to: z.int().positive().optional(),
    seconds: z.int().positive().optional(),
  })
  .refine(given => (given.advance_to === undefined) !== (given.seconds === undefined), 'Give advance_to or seconds.');

/** Ties a customer and all that is its to a clock; Stripe itself can do so only when the customer is made. */
function tie(state: StripeState, customer: string, clock: string): void {
  const own = state.customers[customer];
  if (own) own.test_clock = clock;
  for (const store of Object.values(state)) {
    for (const item of Object.values(store as Record<string, unknown>)) {
      if (typeof item !== 'object' || item === null || !('customer' in item) || item.customer !== customer) continue;
      if ('test_clock' in item) item.test_clock = clock;
    }
  }
}

/** Moves a customer's time; all that falls due on the way happens, in its order. */
export function moveClock({ state, call }: Surface, given: unknown) {
  const { customer: id, advance_to: to, seconds = 0 } = clockParams.parse(given);
  const customer = state.customers[id];
  if (!customer) throw missing('customer', id, 'customer');
  const has = typeof customer.test_clock === 'string' ? customer.test_clock : undefined;
  const clock = (
    has
      ? call('GET', `/v1/test_helpers/test_clocks/${has}`)
      : call('POST', '/v1/test_helpers/test_clocks', { frozen_time: String(nowSeconds()), name: `control ${id}` })
  ) as Clock;
  if (!has) tie(state, id, clock.id);
  const frozen = String(to ?? clock.frozen_time + seconds);
  return call('POST', `/v1/test_helpers/test_clocks/${clock.id}/advance`, { frozen_time: frozen });
}

const cardParams = z.strictObject({
  customer: z.string(),
  behaviour: z.enum(['ok', 'declined', 'insufficient_funds', 'authentication_required']),
});

/** Has every card of a customer behave so from now on; a customer without one is given one. Answers the cards. */
export function setCard({ state, call }: Surface, given: unknown) {
  const { customer, behaviour } = cardParams.parse(given);
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const own = () => Object.values(state.paymentMethods).filter(card => card.customer === customer);
  if (own().length === 0) {
    const card = call('POST', '/v1/payment_methods/pm_card_visa/attach', { customer }) as { id: string };
    call('POST', `/v1/customers/${customer}`, { invoice_settings: { default_payment_method: card.id } });
  }
  for (const card of own()) state.cardBehaviours[card.id] = behaviour;
  return { payment_methods: own().map(({ id }) => id), behaviour };
}
