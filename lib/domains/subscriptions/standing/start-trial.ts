/** The subscription that a new customer begins with: a trial, in our database alone. */
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import { limitsOf, type PlanName } from '@/lib/domains/subscriptions/rules';
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type NewTrial = {
  customerId: string;
  plan: PlanName;
  /** First and last UTC day. */
  trial: { trialStartDate: string; trialEndDate: string };
  at: Date;
};

/** Inserts the trial with its first entry of history; the caller enqueues `mirror`. Source: docs/architecture.md, Status. */
export async function startTrial(
  tx: Tx,
  { customerId, plan, trial, at }: NewTrial,
): Promise<{ subscription: Subscription; mirror: MirrorRef[] }> {
  const [subscription] = await tx
    .insert(subscriptions)
    .values({
      subscriptionId: newId('sub'),
      customerId,
      ...limitsOf(plan),
      status: 'TRIAL',
      isTrial: true,
      subscriptionStartDate: trial.trialStartDate,
      nextBillingDate: trial.trialEndDate,
      ...trial,
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!subscription) throw new Error('the subscription was not stored');
  const history = await recordChange(tx, null, subscription, 'sign_up', at);
  return { subscription, mirror: [subscriptionsMirror.ref(subscription), ...history] };
}
