/** Control of one customer: its time, and how its card behaves. */
import { z } from 'zod';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

type Clock = { id: string; frozen_time: number };

const instant = z.int().positive().optional();
const clockParams = z
  .strictObject({
    customer: z.string(),
    advance_to: instant,
    seconds: instant,
    start_at: instant,
    real: z.literal(true).optional(),
  })
  .refine(
    ({ customer: _, ...how }) => Object.values(how).filter(value => value !== undefined).length === 1,
    'Give one of advance_to, seconds, start_at and real.',
  );

/** Ties a customer and all that is its to a clock, or to none; Stripe itself can do so only when the customer is made. */
function tie(state: StripeState, customer: string, clock: string | null): void {
  const own = state.customers[customer];
  if (own) own.test_clock = clock;
  for (const store of Object.values(state)) {
    for (const item of Object.values(store as Record<string, unknown>)) {
      if (typeof item !== 'object' || item === null || !('customer' in item) || item.customer !== customer) continue;
      if ('test_clock' in item) item.test_clock = clock;
    }
  }
}

function newClock({ call }: Surface, customer: string, at: number): Clock {
  const form = { frozen_time: String(at), name: `control ${customer}` };
  return call('POST', '/v1/test_helpers/test_clocks', form) as Clock;
}

/** Back to the machine's time; what fell due meanwhile happens with its next tick. */
function leaveClock({ state }: Surface, customer: string) {
  const clock = state.customers[customer]?.test_clock;
  tie(state, customer, null);
  if (clock && Object.values(state.customers).every(other => other.test_clock !== clock))
    delete state.testClocks[clock];
  return { customer, test_clock: null };
}

/** Moves a customer's time; all that falls due on the way happens, in its order. */
export function moveClock(surface: Surface, given: unknown) {
  const { state, call } = surface;
  const { customer: id, advance_to: to, seconds = 0, start_at: startAt, real } = clockParams.parse(given);
  const customer = state.customers[id];
  if (!customer) throw missing('customer', id, 'customer');
  if (real) return leaveClock(surface, id);
  const known = state.testClocks[customer.test_clock ?? ''];
  if (known && startAt !== undefined) throw new StripeError(400, 'The customer has a test clock already.');
  const clock: Clock = known ?? newClock(surface, id, startAt ?? nowSeconds());
  if (!known) tie(state, id, clock.id);
  if (startAt !== undefined) return clock;
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
