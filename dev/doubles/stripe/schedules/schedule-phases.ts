/** Phases of schedules: how they look, how they are read from what a caller gives, and how a direct change splits one. */
import { z } from 'zod';
import { changing } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { integer, metadata } from '@/dev/doubles/stripe/params';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { monthly, periodEnd } from '@/dev/doubles/stripe/subscriptions/periods';
import { prorationBehavior, recurringPrice } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Schedule, SchedulePhase, Subscription } from '@/dev/doubles/stripe/wire';

const time = z.union([z.literal('now'), integer]);
export const phaseParams = z.strictObject({
  items: z
    .array(z.strictObject({ price: z.string(), quantity: integer.optional(), metadata: metadata.optional() }))
    .min(1)
    .max(20),
  start_date: time.optional(),
  end_date: time.optional(),
  duration: z
    .strictObject({ interval: z.enum(['day', 'week', 'month', 'year']), interval_count: integer.optional() })
    .optional(),
  proration_behavior: prorationBehavior.optional(),
  billing_cycle_anchor: z.enum(['automatic', 'phase_start']).optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  currency: z.string().length(3).optional(),
  default_payment_method: z.string().optional(),
  description: z.string().optional(),
  metadata: metadata.optional(),
  trial_end: time.optional(),
});
type GivenPhase = z.output<typeof phaseParams>;

const plainPhase = {
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  invoice_settings: null,
  on_behalf_of: null,
  transfer_data: null,
} satisfies Partial<SchedulePhase>;

const phaseItem = (
  price: string,
  quantity = 1,
  given: Record<string, string> = {},
): SchedulePhase['items'][number] => ({
  billing_thresholds: null,
  discounts: [],
  metadata: given,
  plan: price,
  price,
  quantity,
  tax_rates: [],
});

/** What a subscription has now, as a phase of its current period. */
export function phaseOf(subscription: Subscription): SchedulePhase {
  const { start, end } = periodOf(subscription);
  return {
    ...plainPhase,
    currency: subscription.currency,
    default_payment_method: subscription.default_payment_method,
    start_date: start,
    end_date: end,
    items: subscription.items.data.map(item => phaseItem(item.price.id, item.quantity, item.metadata)),
    metadata: {},
    proration_behavior: 'create_prorations',
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  };
}

function endOf(state: StripeState, given: GivenPhase, start: number, at: number): number {
  if (given.end_date !== undefined && given.duration) {
    throw new StripeError(400, 'You may only specify one of these parameters: end_date, duration.');
  }
  if (given.end_date !== undefined) return given.end_date === 'now' ? at : given.end_date;
  const price = state.prices[given.items[0]?.price ?? ''];
  const { interval, interval_count = 1 } = given.duration ?? price?.recurring ?? monthly;
  return periodEnd(start, { interval, interval_count });
}

function phaseFrom(
  state: StripeState,
  schedule: Schedule,
  given: GivenPhase,
  index: number,
  start: number,
): SchedulePhase {
  const at = now(state, schedule.customer);
  const items = given.items.map((item, number) => {
    const price = recurringPrice(state, item.price, `phases[${index}][items][${number}][price]`);
    return phaseItem(price.id, item.quantity, item.metadata);
  });
  const card = given.default_payment_method;
  if (card && !state.paymentMethods[card])
    throw missing('PaymentMethod', card, `phases[${index}][default_payment_method]`);
  const end = endOf(state, given, start, at);
  if (end <= start) {
    throw new StripeError(400, 'The end date of a phase must be after its start date.', {
      param: `phases[${index}][end_date]`,
    });
  }
  const subscription = state.subscriptions[schedule.subscription ?? ''];
  return {
    ...plainPhase,
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    collection_method: given.collection_method ?? null,
    currency: given.currency ?? subscription?.currency ?? 'usd',
    default_payment_method: card ?? null,
    description: given.description ?? null,
    start_date: start,
    end_date: end,
    items,
    metadata: given.metadata ?? {},
    proration_behavior: given.proration_behavior ?? 'create_prorations',
    trial_end: given.trial_end === 'now' ? at : (given.trial_end ?? null),
  };
}

/** The phases a caller gives, one after the other from the current one on; earlier ones stay. Throws 400. */
export function phasesFrom(state: StripeState, schedule: Schedule, given: GivenPhase[]): SchedulePhase[] {
  const current = schedule.current_phase;
  const first = given[0]?.start_date;
  if (first === undefined) {
    const text =
      'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.';
    throw new StripeError(400, text, { param: 'phases' });
  }
  if (current && first !== current.start_date) {
    const text = 'You can not modify the start date of the current phase.';
    throw new StripeError(400, text, { param: 'phases[0][start_date]' });
  }
  const past = schedule.phases.filter(phase => current && phase.end_date <= current.start_date);
  let start = first === 'now' ? now(state, schedule.customer) : first;
  const phases = given.map((phase, index) => {
    if (index > 0 && phase.start_date !== undefined && phase.start_date !== start) {
      const text = 'The start date of a phase must be the end date of the phase before it.';
      throw new StripeError(400, text, { param: `phases[${index}][start_date]` });
    }
    const made = phaseFrom(state, schedule, phase, index, start);
    start = made.end_date;
    return made;
  });
  return [...past, ...phases];
}

export const isCurrent = (schedule: Schedule, phase: SchedulePhase): boolean =>
  phase.start_date === schedule.current_phase?.start_date;

/** A direct change of a subscription's items splits the current phase of its schedule: as before, and as from now on. */
export function followItems(state: StripeState, subscription: Subscription): void {
  const schedule = state.schedules[subscription.schedule ?? ''];
  const current = schedule?.phases.find(phase => isCurrent(schedule, phase));
  if (!schedule || !current) return;
  const at = now(state, subscription.customer);
  changing(state, 'subscription_schedule.updated', schedule, () => {
    const after = { ...phaseOf(subscription), start_date: at, end_date: current.end_date };
    const index = schedule.phases.indexOf(current);
    if (current.start_date < at) schedule.phases.splice(index, 1, { ...current, end_date: at }, after);
    else schedule.phases.splice(index, 1, after);
    schedule.current_phase = { start_date: at, end_date: current.end_date };
  });
}
