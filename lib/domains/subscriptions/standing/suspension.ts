/**
 * What staff do to an organization's plan by hand: suspend it, take that back, lengthen its trial.
 * Source: docs/architecture.md, Status.
 */
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import type { Customer } from '@/lib/domains/customers/tables';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { settleStanding } from '@/lib/domains/subscriptions/standing/settle-standing';
import { storeStatus } from '@/lib/domains/subscriptions/standing/store-status';
import { isLive } from '@/lib/domains/subscriptions/status';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { addDays, utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The organization's admins read it in their audit log. */
const reason = z.string().trim().min(3, 'Say why, in at least 3 characters.').max(500, 'Use at most 500 characters.');

/** Days by which a trial can be lengthened at once. */
export const maxExtensionDays = 30;

export type StandingView = { customer_id: string; company_name: string; status: string; trial_end_date: string | null };
const viewOf = ({ customerId, companyName, status, trialEndDate }: Customer): StandingView => ({
  customer_id: customerId,
  company_name: companyName,
  status,
  trial_end_date: trialEndDate,
});

type StandingArgs = { ctx: Ctx; tx: Tx; input: { reason: string } };

/** Puts the suspension on or takes it off; the status is then what the subscription says. The same again changes nothing. */
async function setSuspended({ ctx, tx, input }: StandingArgs, suspended: boolean): Promise<Change<StandingView>> {
  const known = await lockCustomer(tx, requireCustomer(ctx).customerId);
  if ((known.status === 'SUSPENDED') === suspended) return { result: viewOf(known), unchanged: true };
  const subscription = await currentSubscription(tx, known.customerId, { lock: true });
  const { customer, mirror } = await settleStanding(tx, ctx, known, { subscription, suspended });
  return {
    result: viewOf(customer),
    target: { type: 'customer', id: customer.customerId },
    before: { status: known.status },
    after: { status: customer.status, reason: input.reason },
    mirror,
  };
}

/**
 * Suspends the caller's organization: from the commit on everything but billing is refused, whatever Stripe says, until
 * staff take it back. Suspending a suspended one changes nothing. AppError invalid_input, forbidden, not_found.
 */
export const suspendCustomer = defineCommand({
  name: 'customer.suspend',
  permission: 'staff:write',
  input: z.strictObject({ reason }),
  run: args => setSuspended(args, true),
});

/** Takes a suspension back: the status is again what the subscription says. AppError invalid_input, forbidden, not_found. */
export const unsuspendCustomer = defineCommand({
  name: 'customer.unsuspend',
  permission: 'staff:write',
  input: z.strictObject({ reason }),
  run: args => setSuspended(args, false),
});

/**
 * Lengthens the caller's trial by `days`, from its last day or, where that is past, from today; a trial that has expired
 * runs again. AppError conflict where Stripe runs the subscription or the trial was left for a plan; invalid_input, forbidden.
 */
export const extendTrial = defineCommand({
  name: 'subscription.extend_trial',
  permission: 'staff:write',
  input: z.strictObject({
    days: z
      .int('Use a whole number of days.')
      .min(1, 'Use at least 1 day.')
      .max(maxExtensionDays, 'Use at most 30 days.'),
    reason,
  }),
  run: async ({ ctx, tx, input }): Promise<Change<StandingView>> => {
    const customer = await lockCustomer(tx, requireCustomer(ctx).customerId);
    const known = await currentSubscription(tx, customer.customerId, { lock: true });
    if (isLive(known.stripeStatus))
      throw new AppError('conflict', 'Stripe runs this subscription: change its trial in Stripe.');
    const isOwnTrial = known.stripeSubscriptionId === null && known.trialEndDate !== null;
    if (!isOwnTrial || !['TRIAL', 'EXPIRED'].includes(known.status))
      throw new AppError('conflict', 'The trial of this organization ended with a plan. It cannot be lengthened.');
    const today = utcDay(ctx.clock());
    const lastDay = known.trialEndDate !== null && known.trialEndDate > today ? known.trialEndDate : today;
    const trialEndDate = addDays(lastDay, input.days);
    const stored = await storeStatus(
      tx,
      ctx,
      { customer, subscription: known },
      { status: 'TRIAL', isTrial: true, trialEndDate, nextBillingDate: trialEndDate },
      'staff',
    );
    return {
      result: viewOf(stored.customer),
      target: { type: 'customer', id: customer.customerId },
      before: { subscription_status: known.status, trial_end_date: known.trialEndDate },
      after: { subscription_status: 'TRIAL', trial_end_date: trialEndDate, reason: input.reason },
      mirror: stored.mirror,
    };
  },
});
