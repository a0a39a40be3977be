/**
 * The write side of the mirror: which rows changed, in the transaction that changed them.
 * Source: docs/architecture.md, The mirror.
 */
import { and, eq, like, sql } from 'drizzle-orm';
import { outbox, outboxDead } from '@/lib/kernel/tables';
import type { Tx } from '@/lib/platform/db';

export type MirrorRef = {
  /** Name of the mirror: its BigQuery table as `customers.customer_api_keys` or `tenant.pipeline_runs`. */
  mirror: string;
  key: string;
  partitionValue: string | null;
  customerId: string | null;
};

/** Notes the changed rows and wakes the relay at commit. */
export async function enqueue(tx: Tx, refs: MirrorRef[]): Promise<void> {
  if (refs.length === 0) return;
  await tx.insert(outbox).values(refs);
  await tx.execute(sql`SELECT pg_notify('outbox', '')`);
}

/** Forgets a customer's changes to its own dataset, sent or set aside: the dataset is about to go. */
export async function dropTenantChanges(tx: Tx, customerId: string): Promise<void> {
  const ofTenant = (table: typeof outbox | typeof outboxDead) =>
    and(eq(table.customerId, customerId), like(table.mirror, 'tenant.%'));
  await tx.delete(outbox).where(ofTenant(outbox));
  await tx.delete(outboxDead).where(ofTenant(outboxDead));
}
