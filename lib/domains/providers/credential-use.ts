/** How many provider configs use each credential, for the list of credentials. Source: docs/ui.md, Credentials. */
import { and, count, eq, isNotNull } from 'drizzle-orm';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** By credential, those that any config of the customer names, on or off; from Postgres. AppError forbidden. */
export async function readCredentialUse(ctx: Ctx): Promise<ReadonlyMap<string, number>> {
  await authorise(ctx, 'providers:read', 'provider_config.count_by_credential');
  const { customerId, credentialId } = providerConfigs;
  const rows = await db()
    .select({ credentialId, configs: count() })
    .from(providerConfigs)
    .where(and(eq(customerId, requireCustomer(ctx).customerId), isNotNull(credentialId)))
    .groupBy(credentialId);
  return new Map(rows.flatMap(({ credentialId: id, configs }) => (id ? [[id, configs]] : [])));
}
