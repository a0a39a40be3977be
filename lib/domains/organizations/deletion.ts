/**
 * Ending an organization: asked for by an owner, restorable for 30 days, then erased by a job.
 * Source: docs/architecture.md, Ending an organization.
 */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { requestDeletionInput } from '@/lib/domains/customers/input';
import { deletionDue } from '@/lib/domains/customers/rules';
import type { Customer } from '@/lib/domains/customers/tables';
import type { EventData } from '@/lib/domains/notifications/events';
import { notify } from '@/lib/domains/notifications/notify';
import { lockOrganization, type OrganizationView, organizationView } from '@/lib/domains/organizations/settings';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { settleStanding } from '@/lib/domains/subscriptions/standing/settle-standing';
import { followDeletionSoon } from '@/lib/domains/subscriptions/stripe/renewal';
import { teamMembers } from '@/lib/domains/team/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

type OwnersMessage = { at: Date } & (
  | { event: 'deletion_requested'; data: EventData<'deletion_requested'> }
  | { event: 'deletion_withdrawn'; data: EventData<'deletion_withdrawn'> }
);

type Deletion = Pick<Customer, 'deletionRequestedAt' | 'deletionRequestedBy' | 'deletionDueAt'>;

const auditView = ({ status, deletionRequestedAt, deletionDueAt }: Customer) => ({
  status,
  deletion_requested_at: deletionRequestedAt,
  deletion_due_at: deletionDueAt,
});

/** The mails to an organization's owners are written with the change that they tell of. */
async function notifyOwners(tx: Tx, customerId: string, message: OwnersMessage): Promise<void> {
  const owners = await tx
    .select({ email: teamMembers.email, userId: teamMembers.userId })
    .from(teamMembers)
    .where(
      and(eq(teamMembers.customerId, customerId), eq(teamMembers.role, 'OWNER'), eq(teamMembers.status, 'ACTIVE')),
    );
  for (const to of owners) await notify(tx, { ...message, customerId, to });
}

/** Stores the change, and with it the status and whether runs may start, all from the same commit. */
async function applyDeletion(tx: Tx, ctx: Ctx, known: Customer, to: Deletion): Promise<Change<OrganizationView>> {
  const { customerId } = known;
  const subscription = await currentSubscription(tx, customerId);
  const { customer: row, mirror } = await settleStanding(tx, ctx, known, { subscription, changes: to });
  return {
    result: organizationView(row),
    target: { type: 'customer', id: customerId },
    before: auditView(known),
    after: auditView(row),
    mirror,
  };
}

/**
 * Starts the deletion: from the commit no run starts, Stripe renews nothing, and after 30 days a job erases everything.
 * Asking again changes nothing. AppError invalid_input where the typed name is another one, forbidden for all but owners.
 */
export const requestDeletion = defineCommand({
  name: 'organization.request_deletion',
  permission: 'organization:delete',
  input: requestDeletionInput,
  run: async ({ ctx, tx, input }): Promise<Change<OrganizationView>> => {
    const known = await lockOrganization(tx, ctx, 'organization:delete');
    if (input.confirm !== known.companyName) {
      const message = 'Type the name of the organization as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    if (known.deletionRequestedAt) return { result: organizationView(known), unchanged: true };
    const now = ctx.clock();
    const [by, due] = [actorLabel(ctx.actor), deletionDue(now)];
    const data = { requested_by: by, requested_at: now.toISOString(), final_at: due.toISOString() };
    await notifyOwners(tx, known.customerId, { event: 'deletion_requested', at: now, data });
    return applyDeletion(tx, ctx, known, {
      deletionRequestedAt: now,
      deletionRequestedBy: by,
      deletionDueAt: due,
    });
  },
  effects: ({ result }) => followDeletionSoon(result.customer_id),
});

/** Takes a requested deletion back while its 30 days run. AppError conflict once they are over, forbidden for all but owners. */
export const restoreOrganization = defineCommand({
  name: 'organization.restore',
  permission: 'organization:delete',
  input: z.strictObject({}),
  run: async ({ ctx, tx }): Promise<Change<OrganizationView>> => {
    const known = await lockOrganization(tx, ctx, 'organization:delete');
    if (!known.deletionDueAt) return { result: organizationView(known), unchanged: true };
    if (known.deletionDueAt <= ctx.clock())
      throw new AppError('conflict', 'The 30 days are over. The organization is being erased and cannot be restored.');
    const now = ctx.clock();
    const data = { withdrawn_by: actorLabel(ctx.actor), withdrawn_at: now.toISOString() };
    await notifyOwners(tx, known.customerId, { event: 'deletion_withdrawn', at: now, data });
    return applyDeletion(tx, ctx, known, {
      deletionRequestedAt: null,
      deletionRequestedBy: null,
      deletionDueAt: null,
    });
  },
  effects: ({ result }) => followDeletionSoon(result.customer_id),
});
