/** Opens a customer: profile, trial, owner and counter. Used by the CLI and the seed; sign-up calls the same. */

import { createCustomerInput } from '@/lib/domains/customers/input';
import { insertCustomer } from '@/lib/domains/organizations/create';
import { ensureUser } from '@/lib/domains/team/people';
import { appendAudit } from '@/lib/kernel/audit/audit';
import { defineCommand } from '@/lib/kernel/command';
import { actorLabel } from '@/lib/kernel/ctx';

/**
 * Creates a customer in a 14-day trial. The new customer's own audit trail starts with it.
 * Source: docs/spec/requirements.md, C-23; docs/architecture.md, Sign-up.
 */
export const createCustomer = defineCommand({
  name: 'customer.create',
  permission: 'staff:write',
  input: createCustomerInput,
  run: async ({ ctx, tx, input }) => {
    const owner = await ensureUser(tx, input.owner_email, input.owner_name);
    const created = await insertCustomer(tx, {
      companyName: input.company_name,
      plan: input.plan,
      owner,
      createdBy: actorLabel(ctx.actor),
      createdAt: ctx.clock(),
    });
    const { customerId, tenantDatasetId } = created.customer;
    const after = {
      company_name: input.company_name,
      plan: input.plan,
      owner_email: owner.email,
      tenant_dataset_id: tenantDatasetId,
    };
    const own = { ...ctx, customerId, tenantDatasetId };
    await appendAudit(tx, own, {
      action: 'customer.create',
      targetType: 'customer',
      targetId: customerId,
      outcome: 'ok',
      before: null,
      after,
    });
    return {
      result: { customer: created.customer, subscription: created.subscription },
      target: { type: 'customer', id: customerId },
      before: null,
      after,
      mirror: created.mirror,
    };
  },
});
