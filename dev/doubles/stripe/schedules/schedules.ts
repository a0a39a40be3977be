/** The subscription schedule calls: made from a subscription, changed, released, cancelled. */
import { z } from 'zod';
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { page, paging } from '@/dev/doubles/stripe/lists';
import {
  flag,
  inRange,
  mergeMetadata,
  metadata,
  metadataChange,
  parseParams,
  range,
} from '@/dev/doubles/stripe/params';
import type { Call, Route } from '@/dev/doubles/stripe/router';
import { cancelSchedule, releaseSchedule } from '@/dev/doubles/stripe/schedules/schedule-end';
import { isCurrent, phaseOf, phaseParams, phasesFrom } from '@/dev/doubles/stripe/schedules/schedule-phases';
import { enterPhase } from '@/dev/doubles/stripe/schedules/schedule-run';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { prorationBehavior } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import type { Schedule, Subscription } from '@/dev/doubles/stripe/wire';

function newSchedule(subscription: Subscription, at: number): Schedule {
  const phase = phaseOf(subscription);
  return {
    id: newId('sub_sched'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: structuredClone(subscription.billing_mode),
    canceled_at: null,
    completed_at: null,
    created: at,
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: subscription.cancel_at_period_end ? 'cancel' : 'release',
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [phase],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  };
}

function create({ state, form }: Call): Schedule {
  const given = parseParams({ from_subscription: z.string(), metadata: metadata.optional() }, form);
  const subscription = state.subscriptions[given.from_subscription];
  if (!subscription) throw missing('subscription', given.from_subscription, 'from_subscription');
  if (subscription.schedule) {
    const text = `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`;
    throw new StripeError(400, text, { param: 'from_subscription' });
  }
  if (!['active', 'trialing', 'past_due'].includes(subscription.status)) {
    const text = `You cannot migrate a subscription with the status ${subscription.status} to a schedule.`;
    throw new StripeError(400, text, { param: 'from_subscription' });
  }
  const schedule = newSchedule(subscription, now(state, subscription.customer));
  schedule.metadata = given.metadata ?? {};
  state.schedules[schedule.id] = schedule;
  tell(state, 'subscription_schedule.created', schedule);
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.schedule = schedule.id;
  });
  return schedule;
}

function found(state: StripeState, id: string): Schedule {
  const schedule = state.schedules[id];
  if (!schedule) throw missing('subscription_schedule', id);
  return schedule;
}

/** The schedule of a call that changes it. Throws 400 once it is over. */
function open(state: StripeState, id: string, verb: string): Schedule {
  const schedule = found(state, id);
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule;
  const text = `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status. It must be in \`not_started\` or \`active\`.`;
  throw new StripeError(400, text);
}

const updateParams = {
  phases: z.array(phaseParams).min(1).max(10).optional(),
  end_behavior: z.enum(['release', 'cancel', 'none', 'renew']).optional(),
  proration_behavior: prorationBehavior.optional(),
  metadata: metadataChange,
};

/** The end of the last phase ends the subscription where the schedule cancels. */
function followEnd(state: StripeState, schedule: Schedule, subscription: Subscription): void {
  const ends = schedule.end_behavior === 'cancel' ? (schedule.phases.at(-1)?.end_date ?? null) : null;
  changing(state, 'customer.subscription.updated', subscription, () => {
    const at = now(state, subscription.customer);
    Object.assign(subscription, { cancel_at: ends, cancel_at_period_end: false });
    subscription.canceled_at = ends === null ? null : (subscription.canceled_at ?? at);
  });
}

function update({ state, id, form }: Call): Schedule {
  const schedule = open(state, id, 'update');
  const given = parseParams(updateParams, form);
  const phases = given.phases && phasesFrom(state, schedule, given.phases);
  const subscription = state.subscriptions[schedule.subscription ?? ''];
  changing(state, 'subscription_schedule.updated', schedule, () => {
    schedule.metadata = mergeMetadata(schedule.metadata ?? {}, given.metadata);
    schedule.end_behavior = given.end_behavior ?? schedule.end_behavior;
    if (!phases) return;
    schedule.phases = phases;
    const current = phases.find(phase => isCurrent(schedule, phase));
    if (current) schedule.current_phase = { start_date: current.start_date, end_date: current.end_date };
  });
  const current = schedule.phases.find(phase => isCurrent(schedule, phase));
  if (!subscription) return schedule;
  followEnd(state, schedule, subscription);
  if (phases && current) {
    enterPhase(state, subscription, {
      ...current,
      proration_behavior: given.proration_behavior ?? 'create_prorations',
    });
  }
  return schedule;
}

function release({ state, id, form }: Call): Schedule {
  const schedule = open(state, id, 'release');
  const { preserve_cancel_date: keep } = parseParams({ preserve_cancel_date: flag.optional() }, form);
  releaseSchedule(state, schedule, keep ?? false);
  return schedule;
}

/** Cancels the schedule, and its subscription with it. */
function cancel({ state, id, form }: Call): Schedule {
  const schedule = open(state, id, 'cancel');
  parseParams({ invoice_now: flag.optional(), prorate: flag.optional() }, form);
  const subscription = state.subscriptions[schedule.subscription ?? ''];
  if (subscription && !subscription.ended_at) cancelNow(state, subscription);
  else cancelSchedule(state, id);
  return schedule;
}

const filters = {
  ...paging,
  customer: z.string().optional(),
  scheduled: flag.optional(),
  created: range.optional(),
  canceled_at: range.optional(),
  completed_at: range.optional(),
  released_at: range.optional(),
};
const timed = (time: number | null, given: z.output<typeof range> | undefined) =>
  given === undefined || (time !== null && inRange(time, given));

function list({ state, form }: Call) {
  const { customer, scheduled, created, canceled_at, completed_at, released_at, ...paged } = parseParams(filters, form);
  const items = Object.values(state.schedules).filter(
    schedule =>
      (!customer || schedule.customer === customer) &&
      (!scheduled || schedule.status === 'not_started') &&
      inRange(schedule.created, created) &&
      timed(schedule.canceled_at, canceled_at) &&
      timed(schedule.completed_at, completed_at) &&
      timed(schedule.released_at, released_at),
  );
  return page(items, '/v1/subscription_schedules', paged);
}

export const scheduleRoutes: Route[] = [
  ['POST', '/v1/subscription_schedules', create],
  ['GET', '/v1/subscription_schedules', list],
  ['GET', '/v1/subscription_schedules/:id', ({ state, id }) => found(state, id)],
  ['POST', '/v1/subscription_schedules/:id', update],
  ['POST', '/v1/subscription_schedules/:id/release', release],
  ['POST', '/v1/subscription_schedules/:id/cancel', cancel],
];
