/** The organization's own settings. Its dataset and residency are decided when it is opened and never change. */
import { updateOrganizationInput } from '@/lib/domains/customers/input';
import { changeProfile, lockCustomer, readCustomer } from '@/lib/domains/customers/profile';
import type { Customer } from '@/lib/domains/customers/tables';
import { provisionSoon } from '@/lib/domains/organizations/provisioning';
import { lockRoster } from '@/lib/domains/team/roster';
import { authorise, type Change, defineCommand } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';
import type { Tx } from '@/lib/platform/db';

/** The organization as pages and the API show it. */
export type OrganizationView = {
  customer_id: string;
  company_name: string;
  billing_email: string | null;
  phone_number: string | null;
  status: string;
  plan: string;
  data_residency: string;
  tenant_dataset_id: string;
  created_at: string;
  deletion_requested_at: string | null;
  deletion_requested_by: string | null;
  deletion_due_at: string | null;
};

export const organizationView = (row: Customer): OrganizationView => ({
  customer_id: row.customerId,
  company_name: row.companyName,
  billing_email: row.billingEmail,
  phone_number: row.phoneNumber,
  status: row.status,
  plan: row.subscriptionPlan,
  data_residency: row.dataResidency,
  tenant_dataset_id: row.tenantDatasetId,
  created_at: row.createdAt.toISOString(),
  deletion_requested_at: row.deletionRequestedAt?.toISOString() ?? null,
  deletion_requested_by: row.deletionRequestedBy,
  deletion_due_at: row.deletionDueAt?.toISOString() ?? null,
});

/** The caller's organization from Postgres: its settings page must show what was just saved. AppError forbidden. */
export async function readOrganization(ctx: Ctx): Promise<OrganizationView> {
  await authorise(ctx, 'organization:read', 'organization.read');
  return organizationView(await readCustomer(requireCustomer(ctx).customerId));
}

/**
 * The caller's organization, locked for a change that needs `permission`. A person's membership and role are read again
 * under the lock: both may have changed since the session was read. AppError not_found, forbidden.
 */
export async function lockOrganization(tx: Tx, ctx: Ctx, permission: Permission): Promise<Customer> {
  const known = await lockCustomer(tx, requireCustomer(ctx).customerId);
  await lockRoster(tx, ctx, permission);
  return known;
}

const auditView = ({ companyName, billingEmail, phoneNumber }: Customer) => ({
  company_name: companyName,
  billing_email: billingEmail,
  phone_number: phoneNumber,
});

/** Changes name, billing address and phone number; fields left out stay. AppError invalid_input, forbidden, not_found. */
export const updateOrganization = defineCommand({
  name: 'organization.update',
  permission: 'organization:write',
  input: updateOrganizationInput,
  run: async ({ ctx, tx, input }): Promise<Change<OrganizationView>> => {
    const known = await lockOrganization(tx, ctx, 'organization:write');
    const wanted = {
      companyName: input.company_name ?? known.companyName,
      billingEmail: input.billing_email ?? known.billingEmail,
      phoneNumber: input.phone_number === undefined ? known.phoneNumber : input.phone_number,
    };
    const before = auditView(known);
    if (JSON.stringify(auditView({ ...known, ...wanted })) === JSON.stringify(before))
      return { result: organizationView(known), unchanged: true };
    const { customer: row, mirror } = await changeProfile(tx, ctx, known.customerId, {
      ...wanted,
      stripeOutdated: true,
    });
    return {
      result: organizationView(row),
      target: { type: 'customer', id: row.customerId },
      before,
      after: auditView(row),
      mirror,
    };
  },
  effects: ({ result }) => provisionSoon(result.customer_id),
});
