/**
 * Sign-up: a signed-in person opens an organization of their own, in trial.
 * Source: docs/architecture.md, Sign-up; docs/spec/requirements.md, C-23.
 */
import { and, count, eq, sql } from 'drizzle-orm';
import { signUpInput } from '@/lib/domains/customers/input';
import { maxTrialsPerPerson } from '@/lib/domains/customers/rules';
import { customers } from '@/lib/domains/customers/tables';
import { insertCustomer } from '@/lib/domains/organizations/create';
import { provisionSoon } from '@/lib/domains/organizations/provisioning';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { type User, users } from '@/lib/domains/team/tables';
import { appendAudit } from '@/lib/kernel/audit/audit';
import { type Change, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type SignedUp = { customerId: string; tenantDatasetId: string };

/** The person behind the call, locked: their sign-ups come one after another. */
async function lockPerson(tx: Tx, { actor }: Ctx): Promise<User> {
  if (actor.type !== 'person' && actor.type !== 'user')
    throw new AppError('forbidden', 'Only a signed-in person opens an organization.');
  const [person] = await tx.select().from(users).where(eq(users.userId, actor.id)).for('update');
  if (!person) throw new AppError('forbidden', 'Sign in again, then open the organization.');
  return person;
}

/** Refuses a further free trial of someone who has enough of them running or over. */
async function requireTrialLeft(tx: Tx, email: string): Promise<void> {
  const [open] = await tx
    .select({ trials: count() })
    .from(customers)
    .where(
      and(
        eq(customers.createdBy, email),
        sql`(SELECT is_trial FROM ${subscriptions} WHERE ${subscriptions.customerId} = ${customers.customerId}
          ORDER BY ${subscriptions.createdAt} DESC LIMIT 1)`,
      ),
    );
  if ((open?.trials ?? 0) < maxTrialsPerPerson) return;
  const message = `You have opened ${maxTrialsPerPerson} organizations on a free trial. Choose a paid plan in one of them, or write to us.`;
  throw new AppError('conflict', message);
}

const opened = (row: SignedUp): SignedUp => ({ customerId: row.customerId, tenantDatasetId: row.tenantDatasetId });

/**
 * Opens an organization with its trial, counter and the caller as owner; the same request_token again answers the first.
 * Stripe and BigQuery follow after the commit. AppError invalid_input, conflict (too many trials), forbidden for keys.
 */
export const signUp = defineCommand({
  name: 'customer.sign_up',
  permission: 'organization:create',
  input: signUpInput,
  run: async ({ ctx, tx, input }): Promise<Change<SignedUp>> => {
    const person = await lockPerson(tx, ctx);
    const signUpToken = input.request_token && `${person.userId}:${input.request_token}`;
    if (signUpToken) {
      const [before] = await tx.select().from(customers).where(eq(customers.signUpToken, signUpToken));
      if (before) return { result: opened(before), unchanged: true };
    }
    await requireTrialLeft(tx, person.email);
    const { userId, email, fullName } = person;
    const { customer, mirror } = await insertCustomer(tx, {
      companyName: input.company_name,
      plan: input.plan,
      owner: { userId, email, fullName },
      createdBy: email,
      createdAt: ctx.clock(),
      signUpToken,
    });
    const { customerId, tenantDatasetId } = customer;
    const target = { type: 'customer', id: customerId };
    const after = { company_name: input.company_name, plan: input.plan, tenant_dataset_id: tenantDatasetId };
    // The organization's own trail begins with who opened it.
    await appendAudit(
      tx,
      { ...ctx, actor: { type: 'user', id: userId, email, role: 'OWNER' }, customerId, tenantDatasetId },
      { action: 'customer.sign_up', targetType: 'customer', targetId: customerId, outcome: 'ok', before: null, after },
    );
    return { result: { customerId, tenantDatasetId }, target, before: null, after, mirror };
  },
  effects: ({ result }) => provisionSoon(result.customerId),
});
