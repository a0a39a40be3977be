/** Rules of customers: names of their datasets, status values. */
import { profileStatusOf, type SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { randomText } from '@/lib/platform/ids';

export const customerStatuses = ['ACTIVE', 'SUSPENDED', 'TRIAL', 'CANCELLED'] as const;
export type CustomerStatus = (typeof customerStatuses)[number];

const reservedDatasets =
  /^(customers|customers_rls|information_schema|metadata|tenant|events|ai|agent|google|bigquery)(_|$)/;

/**
 * A company as the beginning of a dataset's name: in snake_case (Latin letters and digits only, other scripts become
 * `tenant`), 40 signs, never a reserved word. Source: docs/architecture.md, Tenant datasets.
 */
export function datasetWord(companyName: string): string {
  const plain = companyName
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  return plain.length < 2 || reservedDatasets.test(plain) ? `t_${plain || 'tenant'}` : plain;
}

/** Name of a customer's BigQuery dataset: the company and 6 random signs. Source: docs/architecture.md, Tenant datasets. */
export const newTenantDatasetId = (companyName: string): string => `${datasetWord(companyName)}_${randomText(6)}`;

const dayMs = 86_400_000;

/** How long a deleted organization can be restored. Source: docs/architecture.md, Ending an organization. */
export const graceDays = 30;
export const deletionDue = (requestedAt: Date): Date => new Date(requestedAt.getTime() + graceDays * dayMs);

/** Trials a person may have running at once: a company tries a second team or region, nobody needs free plans without end. */
export const maxTrialsPerPerson = 3;

/**
 * Status of a customer's profile: staff's suspension wins, then a requested deletion counts as cancelled, else it follows
 * the subscription. Source: docs/architecture.md, Status.
 */
export function profileStatus(facts: {
  suspended: boolean;
  deletionRequested: boolean;
  subscriptionStatus: SubscriptionStatus;
}): CustomerStatus {
  if (facts.suspended) return 'SUSPENDED';
  return facts.deletionRequested ? 'CANCELLED' : profileStatusOf[facts.subscriptionStatus];
}

/** Why no run may start with this status; null where runs may. Source: docs/architecture.md, Status. */
export function refusalReasonOf(status: CustomerStatus): 'customer_suspended' | 'subscription_inactive' | null {
  switch (status) {
    case 'SUSPENDED':
      return 'customer_suspended';
    case 'CANCELLED':
      return 'subscription_inactive';
    case 'ACTIVE':
    case 'TRIAL':
      return null;
    default:
      return status satisfies never;
  }
}
