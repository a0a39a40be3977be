/** What a deletion would take with it, for the page that asks; exact, so from Postgres. */
import { sql } from 'drizzle-orm';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type DeletionScope = { keys: number; runs: number; members: number; invitations: number };

/** Counts of the caller's organization. AppError forbidden for all but owners. */
export async function readDeletionScope(ctx: Ctx): Promise<DeletionScope> {
  await authorise(ctx, 'organization:delete', 'organization.read_deletion_scope');
  const { customerId } = requireCustomer(ctx);
  const { rows } = await db().execute<DeletionScope>(sql`
    SELECT (SELECT count(*)::int FROM api_keys WHERE customer_id = ${customerId}) AS keys,
      (SELECT count(*)::int FROM runs WHERE customer_id = ${customerId}) AS runs,
      (SELECT count(*)::int FROM team_members WHERE customer_id = ${customerId} AND status = 'ACTIVE') AS members,
      (SELECT count(*)::int FROM team_members WHERE customer_id = ${customerId} AND status = 'INVITED') AS invitations`);
  const [scope] = rows;
  if (!scope) throw new Error('the counts were not answered');
  return scope;
}
