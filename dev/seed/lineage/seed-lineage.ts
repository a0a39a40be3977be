/** Sends what the demo's orchestrators report, by the door's own operation, and applies it as the worker does. */
import { and, eq } from 'drizzle-orm';
import type { DemoLineage } from '@/dev/seed/lineage/demo-lineage';
import type { Customer } from '@/lib/domains/customers/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { takeEvents } from '@/lib/domains/lineage/collect/take-events';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export async function seedLineage({ key, runsAt }: DemoLineage, customer: Customer, now: Date): Promise<void> {
  const { customerId } = customer;
  const [sender] = await db()
    .select({ id: apiKeys.apiKeyId })
    .from(apiKeys)
    .where(and(eq(apiKeys.customerId, customerId), eq(apiKeys.keyName, key)));
  if (!sender) throw new Error(`${customer.companyName} has no key ${key}`);
  const actor = { type: 'api_key', id: sender.id, name: key, scopes: ['runs:write'] } as const;
  const ctx = { ...requireCustomer(systemCtx('seed', customer)), actor };
  for (const events of runsAt(now)) {
    const { notTaken } = await takeEvents(ctx, {}, events);
    if (notTaken.length > 0) throw new Error(`An event of the demo was not taken: ${JSON.stringify(notTaken[0])}`);
  }
  await applyDueEvents({ customers: [customerId] });
}
