/** Changing the plan of a subscription: up at once, down at the period's end; and taking a planned change back. */
import { directionOf } from '@/lib/domains/subscriptions/change-rules';
import { syncSubscription } from '@/lib/domains/subscriptions/fetch';
import { subscriptionInForce } from '@/lib/domains/subscriptions/in-force';
import { type ChangePlanInput, changePlanInput, keepPlanInput } from '@/lib/domains/subscriptions/input';
import { type LiveSubscription, readLive } from '@/lib/domains/subscriptions/live-subscription';
import { oneAtATime } from '@/lib/domains/subscriptions/one-at-a-time';
import { releaseSchedule, scheduleChange } from '@/lib/domains/subscriptions/plan-schedule';
import { amountOfUpgrade, requireChangeable } from '@/lib/domains/subscriptions/preview';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { briefly, changing, isPaymentFailure } from '@/lib/domains/subscriptions/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe-price';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { stripe } from '@/lib/platform/stripe';

/** The plan after a change, from the row in force. */
export type PlanState = {
  plan: PlanName;
  status: string;
  /** The plan it changes to at `scheduled_at`; null without a planned change. */
  scheduled_plan: PlanName | null;
  scheduled_at: Date | null;
};

const stateOf = (row: Subscription): PlanState => ({
  plan: row.planName as PlanName,
  status: row.status,
  scheduled_plan: row.scheduledPlanName as PlanName | null,
  scheduled_at: row.scheduledAt,
});

type Changed = { before: Subscription; after: Subscription; mirror: MirrorRef[] };

const money = (cents: number, currency: string): string => `${(cents / 100).toFixed(2)} ${currency}`;

/** The instant that the amount is computed for. Throws AppError conflict where it is not the amount that was confirmed. */
async function confirmedInstant(live: LiveSubscription, priceId: string, input: ChangePlanInput): Promise<number> {
  const due = await amountOfUpgrade(live, priceId, input.proration_date);
  if (input.amount_cents !== undefined && input.amount_cents !== due.amountDueCents)
    throw new AppError(
      'conflict',
      `The amount has changed to ${money(due.amountDueCents, due.currency)}. Nothing was changed. Look at it again, then confirm.`,
      { details: { amount_due_cents: due.amountDueCents } },
    );
  return input.proration_date ?? due.prorationDate;
}

async function upgrade(live: LiveSubscription, from: PlanName, input: ChangePlanInput): Promise<void> {
  const priceId = await priceIdOf(input.plan);
  const items = [{ id: live.itemId, price: priceId }];
  const instant = live.trialEnd ? null : await confirmedInstant(live, priceId, input);
  const paid =
    instant === null
      ? { proration_behavior: 'none' as const }
      : {
          proration_behavior: 'always_invoice' as const,
          payment_behavior: 'error_if_incomplete' as const,
          proration_date: instant,
        };
  // A repeat of this very submission gets Stripe's first answer, also where ours was lost on the way.
  const key = input.request_token && `plan-${live.id}-${from}-${input.plan}-${instant ?? 0}-${input.request_token}`;
  await changing(() =>
    stripe().subscriptions.update(live.id, { items, ...paid }, { ...briefly, ...(key ? { idempotencyKey: key } : {}) }),
  );
}

/** An upgrade takes a planned change back first; where the card is refused, the plan for the period's end is made again. */
async function upgradeInstead(live: LiveSubscription, row: Subscription, input: ChangePlanInput): Promise<void> {
  const from = row.planName as PlanName;
  if (!live.scheduleId) return upgrade(live, from, input);
  if (!live.trialEnd) await confirmedInstant(live, await priceIdOf(input.plan), input);
  await releaseSchedule(live.scheduleId);
  try {
    await upgrade({ ...live, scheduleId: null }, from, input);
  } catch (error) {
    if (isPaymentFailure(error) && row.scheduledPlanName)
      await scheduleChange({ ...live, scheduleId: null }, await priceIdOf(row.scheduledPlanName as PlanName));
    throw error;
  }
}

async function synced(tx: Tx, ctx: CustomerCtx, before: Subscription, live: LiveSubscription): Promise<Changed> {
  const { mirror } = await changing(() => syncSubscription(live.id, 'stripe', { ctx, tx }));
  return { before, after: await subscriptionInForce(tx, ctx.customerId), mirror };
}

async function prepareChange(tx: Tx, ctx: CustomerCtx, input: ChangePlanInput): Promise<Changed> {
  const { row, live: found } = await readLive(tx, ctx.customerId);
  const live = requireChangeable(found);
  const direction = directionOf(row.planName as PlanName, input.plan);
  switch (direction) {
    case 'upgrade':
      await upgradeInstead(live, row, input);
      break;
    case 'downgrade':
      if (row.scheduledPlanName === input.plan && live.scheduleId) return { before: row, after: row, mirror: [] };
      await scheduleChange(live, await priceIdOf(input.plan));
      break;
    case 'same':
      if (live.scheduleId) await releaseSchedule(live.scheduleId);
      break;
    default:
      return direction satisfies never;
  }
  return synced(tx, ctx, row, live);
}

/** The answer, and the audit row of it where anything differs now. */
function changeOf({ before, after, mirror }: Changed): Change<PlanState> {
  const [was, is] = [stateOf(before), stateOf(after)];
  if (JSON.stringify(was) === JSON.stringify(is)) return { result: is, unchanged: true };
  return { result: is, target: { type: 'subscription', id: after.subscriptionId }, before: was, after: is, mirror };
}

/**
 * Changes the plan: a bigger one at once, charging the difference (nothing in a trial), a smaller one at the end of the
 * period; the plan in force takes a planned change back. AppError conflict where it may not change or the confirmed amount
 * is not right any more, payment_failed where the card was refused and nothing was changed, payment_service_unavailable.
 */
export const changePlan = defineCommand({
  name: 'subscription.change_plan',
  permission: 'billing:write',
  input: changePlanInput,
  prepare: ({ ctx, input }) => {
    const customer = requireCustomer(ctx);
    return oneAtATime(customer.customerId, tx => prepareChange(tx, customer, input));
  },
  run: async ({ prepared }) => changeOf(prepared),
});

/** Keeps the plan in force: takes a planned change back. AppError conflict without a subscription, payment_service_unavailable. */
export const keepPlan = defineCommand({
  name: 'subscription.keep_plan',
  permission: 'billing:write',
  input: keepPlanInput,
  prepare: ({ ctx }) => {
    const customer = requireCustomer(ctx);
    return oneAtATime(customer.customerId, async tx => {
      const { row, live } = await readLive(tx, customer.customerId);
      if (!live) throw new AppError('conflict', 'There is no paid plan, so no change of it is planned.');
      if (live.scheduleId) await releaseSchedule(live.scheduleId);
      else if (!row.scheduledPlanName) return { before: row, after: row, mirror: [] };
      return synced(tx, customer, row, live);
    });
  },
  run: async ({ prepared }) => changeOf(prepared),
});
