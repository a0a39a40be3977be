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

const tokens = {
  ok: 'pm_card_visa',
  /** Can be attached, and then declines every payment. */
  declined: 'pm_card_chargeCustomerFail',
  authentication_required: 'pm_card_authenticationRequired',
} as const;
export type CardBehaviour = keyof typeof tokens;

/** Gives a customer a card that behaves so, for the customer and all of its subscriptions; answers the card. */
export function useCard({ state, call }: Pick<Surface, 'state' | 'call'>, customer: string, behaviour: CardBehaviour) {
  const card = call('POST', `/v1/payment_methods/${tokens[behaviour]}/attach`, { customer }) as { id: string };
  call('POST', `/v1/customers/${customer}`, { invoice_settings: { default_payment_method: card.id } });
  for (const { id, customer: owner, ended_at: ended, default_payment_method: own } of Object.values(
    state.subscriptions,
  )) {
    if (owner === customer && !ended && own)
      call('POST', `/v1/subscriptions/${id}`, { default_payment_method: card.id });
  }
  return card;
}

const cardParams = z.strictObject({
  customer: z.string(),
  behaviour: z.enum(['ok', 'declined', 'authentication_required']),
});

export function setCard(surface: Surface, given: unknown) {
  const { customer, behaviour } = cardParams.parse(given);
  return useCard(surface, customer, behaviour);
}
