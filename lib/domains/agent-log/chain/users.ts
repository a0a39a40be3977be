/** Users whose events the log holds: a name of ours and a salt each, made with their first event. */
import { randomBytes } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { agentLogUsers } from '@/lib/domains/agent-log/tables';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type LogUser = { userRef: string; salt: Buffer };

const saltBytes = 32;
/** Users asked for by one statement. */
const atOnce = 1_000;

/** The users of these ids, new ones made. The caller holds the customer's lock `agentLog`. */
export async function usersOf(tx: Tx, customerId: string, userIds: readonly string[]): Promise<Map<string, LogUser>> {
  const known = new Map<string, LogUser>();
  for (let from = 0; from < userIds.length; from += atOnce) {
    const ids = userIds.slice(from, from + atOnce);
    const refs = ids.map(() => newId('alu'));
    const salts = ids.map(() => randomBytes(saltBytes));
    await tx.execute(sql`
      INSERT INTO agent_log_users (customer_id, user_id, user_ref, salt)
      SELECT ${customerId}, user_id, user_ref, salt
      FROM unnest(${sql.param(ids)}::text[], ${sql.param(refs)}::text[], ${sql.param(salts)}::bytea[])
        AS known (user_id, user_ref, salt)
      ON CONFLICT (customer_id, user_id) DO NOTHING`);
    const { userId, userRef, salt } = agentLogUsers;
    const found = await tx
      .select({ userId, userRef, salt })
      .from(agentLogUsers)
      .where(and(eq(agentLogUsers.customerId, customerId), inArray(userId, ids)));
    for (const row of found) known.set(row.userId, row);
  }
  return known;
}
