/**
 * Makes a customer with trial subscription, owner and counter in one transaction.
 * Source: docs/architecture.md, Status; docs/spec/requirements.md, C-23.
 */

import { insertProfile } from '@/lib/domains/customers/profile';
import { newTenantDatasetId } from '@/lib/domains/customers/rules';
import type { Customer } from '@/lib/domains/customers/tables';
import { unusedDataset } from '@/lib/domains/events/sources/allocate-dataset';
import { createCounter } from '@/lib/domains/quotas/counters';
import { type PlanName, trialDays } from '@/lib/domains/subscriptions/rules';
import { startTrial } from '@/lib/domains/subscriptions/standing/start-trial';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { addFirstOwner } from '@/lib/domains/team/first-owner';
import type { TeamMember } from '@/lib/domains/team/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { addDays, utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type NewCustomer = {
  companyName: string;
  plan: PlanName;
  owner: { userId: string; email: string; fullName: string | null };
  createdBy: string;
  createdAt: Date;
  /** The form it comes from; a second use of it fails. */
  signUpToken?: string;
};

export type CreatedCustomer = {
  customer: Customer;
  subscription: Subscription;
  owner: TeamMember;
  mirror: MirrorRef[];
};

/** Inserts the rows of a new customer in trial; the caller enqueues `mirror` and writes the audit row. */
export async function insertCustomer(tx: Tx, input: NewCustomer): Promise<CreatedCustomer> {
  const customerId = newId('cus');
  const startDay = utcDay(input.createdAt);
  const trial = { trialStartDate: startDay, trialEndDate: addDays(startDay, trialDays) };
  const profile = await insertProfile(tx, {
    customerId,
    companyName: input.companyName,
    adminEmail: input.owner.email,
    tenantDatasetId: await unusedDataset(tx, () => newTenantDatasetId(input.companyName)),
    status: 'TRIAL',
    subscriptionPlan: input.plan,
    createdBy: input.createdBy,
    updatedBy: input.createdBy,
    billingEmail: input.owner.email,
    signUpToken: input.signUpToken,
    ...trial,
    createdAt: input.createdAt,
    updatedAt: input.createdAt,
  });
  const started = await startTrial(tx, { customerId, plan: input.plan, trial, at: input.createdAt });
  const first = await addFirstOwner(tx, { customerId, person: input.owner, at: input.createdAt });
  const { subscription } = started;
  await createCounter(tx, {
    customerId,
    dailyLimit: subscription.maxPipelinesPerDay,
    monthlyLimit: null,
    concurrentLimit: subscription.maxConcurrentPipelines,
    apiCallsMonthLimit: subscription.maxApiCallsPerMonth,
  });
  return {
    customer: profile.customer,
    subscription,
    owner: first.owner,
    mirror: [...profile.mirror, ...started.mirror, ...first.mirror],
  };
}
