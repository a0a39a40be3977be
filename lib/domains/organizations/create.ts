/**
 * Makes a customer with trial subscription, owner and counter in one transaction.
 * Source: docs/architecture.md, Status; docs/spec/requirements.md, C-23.
 */

import { customersMirror } from '@/lib/domains/customers/mirror';
import { newTenantDatasetId } from '@/lib/domains/customers/rules';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { createCounter } from '@/lib/domains/quotas/counters';
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import { limitsOf, type PlanName, trialDays } from '@/lib/domains/subscriptions/rules';
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
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

const only = <Row>(rows: Row[]): Row => {
  const [row] = rows;
  if (row === undefined) throw new Error('the row was not stored');
  return row;
};

/** Inserts the rows of a new customer in trial; the caller enqueues `mirror` and writes the audit row. */
export async function insertCustomer(tx: Tx, input: NewCustomer): Promise<CreatedCustomer> {
  const customerId = newId('cus');
  const startDay = utcDay(input.createdAt);
  const trial = { trialStartDate: startDay, trialEndDate: addDays(startDay, trialDays) };
  const times = { createdAt: input.createdAt, updatedAt: input.createdAt };
  const customer = only(
    await tx
      .insert(customers)
      .values({
        customerId,
        companyName: input.companyName,
        adminEmail: input.owner.email,
        tenantDatasetId: newTenantDatasetId(input.companyName),
        status: 'TRIAL',
        subscriptionPlan: input.plan,
        createdBy: input.createdBy,
        updatedBy: input.createdBy,
        billingEmail: input.owner.email,
        signUpToken: input.signUpToken,
        ...trial,
        ...times,
      })
      .returning(),
  );
  const subscription = only(
    await tx
      .insert(subscriptions)
      .values({
        subscriptionId: newId('sub'),
        customerId,
        ...limitsOf(input.plan),
        status: 'TRIAL',
        isTrial: true,
        subscriptionStartDate: startDay,
        nextBillingDate: trial.trialEndDate,
        ...trial,
        ...times,
      })
      .returning(),
  );
  const owner = only(
    await tx
      .insert(teamMembers)
      .values({
        memberId: newId('mem'),
        customerId,
        userId: input.owner.userId,
        email: input.owner.email,
        fullName: input.owner.fullName,
        role: 'OWNER',
        status: 'ACTIVE',
        invitedAt: input.createdAt,
        joinedAt: input.createdAt,
        ...times,
      })
      .returning(),
  );
  await createCounter(tx, {
    customerId,
    dailyLimit: subscription.maxPipelinesPerDay,
    monthlyLimit: null,
    concurrentLimit: subscription.maxConcurrentPipelines,
    apiCallsMonthLimit: subscription.maxApiCallsPerMonth,
  });
  const change = await recordChange(tx, null, subscription, 'sign_up', input.createdAt);
  const mirror = [
    customersMirror.ref(customer),
    subscriptionsMirror.ref(subscription),
    teamMembersMirror.ref(owner),
    ...change,
  ];
  return { customer, subscription, owner, mirror };
}
