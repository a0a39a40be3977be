/**
 * The write side of the mirror: which rows changed, in the transaction that changed them.
 * Source: docs/architecture.md, The mirror.
 */
import { and, eq, like, sql } from 'drizzle-orm';
import { z } from 'zod';
import { outbox, outboxDead } from '@/lib/kernel/tables';
import type { Tx } from '@/lib/platform/db';

export type MirrorRef = {
  /** Name of the mirror: its BigQuery table as `customers.customer_api_keys` or `tenant.pipeline_runs`. */
  mirror: string;
  key: string;
  partitionValue: string | null;
  customerId: string | null;
};

/** Longest text Postgres passes on with a notification, less some for its own use. */
const longestNotice = 7_000;

/** The changed tables as text for the relay; empty where there are too many to name. */
function noticeOf(refs: MirrorRef[]): string {
  const tables = new Map(refs.map(({ mirror, customerId }) => [`${mirror} ${customerId}`, [mirror, customerId]]));
  const text = JSON.stringify([...tables.values()]);
  return text.length > longestNotice ? '' : text;
}

/** Changes that one statement notes. */
const refsAtOnce = 10_000;

/**
 * Notes the changed rows and wakes the relay at commit. `first` says that a person made the change and may be looking:
 * the relay hears which tables it is about and writes them before others.
 */
export async function enqueue(tx: Tx, refs: MirrorRef[], options: { first?: boolean } = {}): Promise<void> {
  if (refs.length === 0) return;
  // A statement takes 65,535 parameters.
  for (let start = 0; start < refs.length; start += refsAtOnce)
    await tx.insert(outbox).values(refs.slice(start, start + refsAtOnce));
  await tx.execute(sql`SELECT pg_notify('outbox', ${options.first ? noticeOf(refs) : ''})`);
}

const notice = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.tuple([z.string(), z.string().nullable()])));

/** The tables that a notification names; none where it names none, or was sent by somebody else. */
export function tablesNoticed(text: string | undefined): { mirror: string; customerId: string | null }[] {
  const { data = [] } = notice.safeParse(text);
  return data.map(([mirror, customerId]) => ({ mirror, customerId }));
}

/** Forgets a customer's changes to its own dataset, sent or set aside: the dataset is about to go. */
export async function dropTenantChanges(tx: Tx, customerId: string): Promise<void> {
  const ofTenant = (table: typeof outbox | typeof outboxDead) =>
    and(eq(table.customerId, customerId), like(table.mirror, 'tenant.%'));
  await tx.delete(outbox).where(ofTenant(outbox));
  await tx.delete(outboxDead).where(ofTenant(outboxDead));
}
