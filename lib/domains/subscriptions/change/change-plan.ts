/** Changing the plan of a subscription: up at once, down at the period's end; and taking a planned change back. */
import { confirmedTerms, type Terms, termsOf } from '@/lib/domains/subscriptions/change/change-terms';
import {
  type CurrentSubscription,
  type LiveSubscription,
  readLive,
} from '@/lib/domains/subscriptions/change/live-subscription';
import { cancelPending, type PendingUpgrade, readPending } from '@/lib/domains/subscriptions/change/pending-upgrade';
import { releaseSchedule, scheduleChange } from '@/lib/domains/subscriptions/change/plan-schedule';
import { readChangeable } from '@/lib/domains/subscriptions/change/preview';
import { upgradePlan } from '@/lib/domains/subscriptions/change/upgrade-plan';
import { type ChangePlanInput, changePlanInput, keepPlanInput } from '@/lib/domains/subscriptions/input';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { type PlanName, planTitle } from '@/lib/domains/subscriptions/rules';
import { withBillingLock } from '@/lib/domains/subscriptions/stripe/billing-lock';
import { changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe/stripe-price';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The plan after a change, from the current row. */
export type PlanState = {
  plan: PlanName;
  status: string;
  /** The plan it changes to at `scheduled_at`; null without a planned change. */
  scheduled_plan: PlanName | null;
  scheduled_at: Date | null;
  /** An upgrade that is made once the cardholder has confirmed its payment; null where none waits. */
  payment: PendingUpgrade | null;
};

/** A plan as it is at one time, in our row and, for what waits to be paid, in Stripe. */
type Standing = { row: Subscription; payment: PendingUpgrade | null };
type Changed = { before: Standing; after: Standing; mirror: MirrorRef[] };

const stateOf = ({ row, payment }: Standing): PlanState => ({
  plan: row.planName,
  status: row.status,
  scheduled_plan: row.scheduledPlanName,
  scheduled_at: row.scheduledAt,
  payment,
});

/** Without the address: who has it can pay. */
function auditView(standing: Standing) {
  const { payment, ...state } = stateOf(standing);
  if (!payment) return state;
  const { url: _, ...shown } = payment;
  return { ...state, payment: shown };
}

const untouched = (before: Standing): Changed => ({ before, after: before, mirror: [] });

/** Our row as Stripe has it after a change; `payment` is what waits then. */
async function synced(
  tx: Tx,
  ctx: CustomerCtx,
  before: Standing,
  live: LiveSubscription,
  payment: PendingUpgrade | null = null,
): Promise<Changed> {
  const { mirror } = await changing(() => syncSubscription(live.id, 'stripe', { ctx, tx }));
  return { before, after: { row: await currentSubscription(tx, ctx.customerId), payment }, mirror };
}

/** Takes back what is planned and what waits to be paid. */
async function takeBack(live: LiveSubscription): Promise<void> {
  await cancelPending(live);
  if (live.scheduleId) await releaseSchedule(live.scheduleId);
}

/** The current plan was asked for. A repeat of the change that led to it takes nothing back that was planned since. */
async function stay(
  { row, live }: CurrentSubscription & { live: LiveSubscription },
  terms: Terms,
  input: ChangePlanInput,
) {
  const asked = input.direction ?? (input.amount_cents ? 'upgrade' : 'same');
  if (asked === 'same') return takeBack(live);
  if (row.scheduledPlanName === null || row.scheduledPlanName === terms.from) return;
  throw new AppError(
    'conflict',
    `${planTitle(terms.from)} is the plan already, and a change to ${planTitle(row.scheduledPlanName)} is planned. Nothing was changed. Look at the Billing page.`,
    { details: { direction: 'same', amount_due_cents: 0 } },
  );
}

async function prepareChange(tx: Tx, ctx: CustomerCtx, input: ChangePlanInput): Promise<Changed> {
  const found = await readChangeable(tx, ctx.customerId);
  const { row, live } = found;
  const before = { row, payment: await readPending(live) };
  const terms = await confirmedTerms(live, await termsOf(found, input.plan), input);
  const { direction } = terms;
  switch (direction) {
    case 'upgrade':
      return synced(tx, ctx, before, live, await upgradePlan(live, terms, input, before.payment));
    case 'downgrade':
      if (row.scheduledPlanName === input.plan && live.scheduleId) return untouched(before);
      await cancelPending(live);
      await scheduleChange(live, await priceIdOf(input.plan));
      break;
    case 'same':
      await stay(found, terms, input);
      break;
    default:
      return direction satisfies never;
  }
  return synced(tx, ctx, before, live);
}

/** The answer, and the audit row of it where anything differs now. */
function changeOf({ before, after, mirror }: Changed): Change<PlanState> {
  const [was, is] = [auditView(before), auditView(after)];
  const result = stateOf(after);
  if (JSON.stringify(was) === JSON.stringify(is)) return { result, unchanged: true };
  return { result, target: { type: 'subscription', id: after.row.subscriptionId }, before: was, after: is, mirror };
}

/**
 * Changes the plan: a bigger one at once, charging the confirmed amount (nothing in a trial), a smaller one at the end of
 * the period; the current plan takes a planned change back. Where the bank asks the cardholder, the answer's `payment`
 * says where to confirm, and the plan changes then. AppError conflict where the plan may not change or where what was
 * confirmed is not so any more, payment_failed where the card was refused, payment_service_unavailable.
 */
export const changePlan = defineCommand({
  name: 'subscription.change_plan',
  permission: 'billing:write',
  input: changePlanInput,
  prepare: ({ ctx, input }) => {
    const customer = requireCustomer(ctx);
    return withBillingLock(customer.customerId, tx => prepareChange(tx, customer, input));
  },
  run: async ({ prepared }) => changeOf(prepared),
});

/** Keeps the current plan: takes back what is planned or waits to be paid. AppError conflict without a subscription, payment_service_unavailable. */
export const keepPlan = defineCommand({
  name: 'subscription.keep_plan',
  permission: 'billing:write',
  input: keepPlanInput,
  prepare: ({ ctx }) => {
    const customer = requireCustomer(ctx);
    return withBillingLock(customer.customerId, async tx => {
      const { row, live } = await readLive(tx, customer.customerId);
      if (!live) throw new AppError('conflict', 'There is no paid plan, so no change of it is planned.');
      const before = { row, payment: await readPending(live) };
      if (!live.scheduleId && !live.pending && !row.scheduledPlanName) return untouched(before);
      await takeBack(live);
      return synced(tx, customer, before, live);
    });
  },
  run: async ({ prepared }) => changeOf(prepared),
});
