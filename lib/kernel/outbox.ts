/**
 * The write side of the mirror: which rows changed, in the transaction that changed them.
 * Source: docs/architecture.md, The mirror.
 */
import { and, eq, inArray, sql } from 'drizzle-orm';
import { outbox } from '@/lib/kernel/tables';
import { db, type Tx } from '@/lib/platform/db';

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

/** Advisory lock that each session of a relay shares, so that others see one at work. */
export const relayAtWork = 7_240_006;

/** Whether a relay of any process is connected. */
export async function isRelayAtWork(): Promise<boolean> {
  const { rows } = await db().execute(sql`
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = ${relayAtWork}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    LIMIT 1`);
  return rows.length > 0;
}

const pollMs = 40;

/** Waits until the relay has sent these rows, at most `timeoutMs` and not where none is at work; answers whether it has. */
export async function waitForMirror(refs: MirrorRef[], timeoutMs = 2_000): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  let atWork: boolean | undefined;
  const keys = refs.map(ref => ref.key);
  const mirrors = [...new Set(refs.map(ref => ref.mirror))];
  const customers = [...new Set(refs.map(ref => ref.customerId).filter(id => id !== null))];
  for (;;) {
    const [waiting] = await db()
      .select({ id: outbox.id })
      .from(outbox)
      .where(
        and(
          inArray(outbox.mirror, mirrors),
          inArray(outbox.key, keys),
          customers.length ? inArray(outbox.customerId, customers) : undefined,
        ),
      )
      .limit(1);
    if (!waiting) return true;
    atWork ??= await isRelayAtWork();
    if (!atWork || Date.now() >= deadline) return false;
    await new Promise(resolve => setTimeout(resolve, pollMs));
  }
}

/** How many of a customer's changes to these tables wait, and since when. */
export async function pendingChanges(
  customerId: string,
  mirrors: string[],
): Promise<{ rows: number; since: Date | null }> {
  const [answer] = await db()
    .select({ rows: sql<number>`count(*)::int`, since: sql<string | null>`min(${outbox.createdAt})` })
    .from(outbox)
    .where(and(eq(outbox.customerId, customerId), inArray(outbox.mirror, mirrors)));
  return { rows: answer?.rows ?? 0, since: answer?.since ? new Date(answer.since) : null };
}
