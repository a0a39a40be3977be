/** The names of a customer's keys, to filter its runs by. */
import { eq } from 'drizzle-orm';
import { apiKeys } from '@/lib/domains/keys/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** Every key of the customer, to filter by; revoked ones too, since their runs are there. */
export async function listKeyNames(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const { customerId } = requireCustomer(ctx);
  return db()
    .select({ id: apiKeys.apiKeyId, name: apiKeys.keyName })
    .from(apiKeys)
    .where(eq(apiKeys.customerId, customerId))
    .orderBy(apiKeys.keyName, apiKeys.apiKeyId)
    .limit(200);
}
