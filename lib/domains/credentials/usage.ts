/**
 * How often credentials are fetched: many fetches in one transaction, which is over before a secret is given out. Each
 * minute of a key, a credential and a version leaves one audit row; `usage_count` in it says how many fetches lay between.
 */
import { and, asc, eq, gte, inArray, sql } from 'drizzle-orm';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { appendAudit } from '@/lib/kernel/audit/audit';
import { createBatcher } from '@/lib/kernel/batcher';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { auditLog } from '@/lib/kernel/tables';
import { db, type Tx } from '@/lib/platform/db';
import { processWide } from '@/lib/platform/process-wide';

type Fetch = { ctx: CustomerCtx; credentialId: string; version: number };

const minuteMs = 60_000;
/** BigQuery hears of uses at most this often: each change rewrites a row and makes cached pages stale. */
const mirrorEveryMs = 5 * minuteMs;
const windowOf = (at: Date): number => Math.floor(at.getTime() / mirrorEveryMs);
const action = 'credential.fetch';

/** Whether the minute has no audit row of this fetch yet; the credential's lock makes two processes ask one after the other. */
async function isFirstOfMinute(tx: Tx, { ctx, credentialId, version }: Fetch): Promise<boolean> {
  const minute = new Date(Math.floor(ctx.clock().getTime() / minuteMs) * minuteMs);
  const same = and(
    eq(auditLog.customerId, ctx.customerId),
    gte(auditLog.occurredAt, minute),
    eq(auditLog.action, action),
    eq(auditLog.targetId, credentialId),
    eq(auditLog.actorId, ctx.actor.id),
    sql`${auditLog.after} ->> 'version' = ${String(version)}`,
  );
  const [known] = await tx.select({ id: auditLog.auditId }).from(auditLog).where(same).limit(1);
  return known === undefined;
}

async function countUses(tx: Tx, row: CloudCredential, fetches: readonly Fetch[]): Promise<CloudCredential> {
  const latest = new Date(Math.max(...fetches.map(({ ctx }) => ctx.clock().getTime()), row.lastUsedAt?.getTime() ?? 0));
  const [used] = await tx
    .update(cloudCredentials)
    .set({ usageCount: row.usageCount + fetches.length, lastUsedAt: latest })
    .where(eq(cloudCredentials.credentialId, row.credentialId))
    .returning();
  if (!used) throw new Error('the credential went away under its lock');
  if (row.lastUsedAt === null || windowOf(row.lastUsedAt) < windowOf(latest))
    await enqueue(tx, [credentialsMirror.ref(used)]);
  return used;
}

async function audit(tx: Tx, fetches: readonly Fetch[], counts: ReadonlyMap<string, number>): Promise<void> {
  // In one order, so that two processes cannot wait for one another's sequences.
  const inOrder = fetches.toSorted((a, b) => (a.ctx.customerId < b.ctx.customerId ? -1 : 1));
  for (const fetch of inOrder) {
    if (!(await isFirstOfMinute(tx, fetch))) continue;
    const { ctx, credentialId, version } = fetch;
    const after = { version, usage_count: counts.get(credentialId) };
    await appendAudit(tx, ctx, { action, targetType: 'credential', targetId: credentialId, outcome: 'ok', after });
  }
}

/** Writes what a batch of fetches leaves behind. A credential that was deleted meanwhile fails the batch. */
async function writeFetches(fetches: readonly Fetch[]): Promise<void> {
  const byCredential = Map.groupBy(fetches, fetch => fetch.credentialId);
  await db().transaction(async tx => {
    const rows = await tx
      .select()
      .from(cloudCredentials)
      .where(and(inArray(cloudCredentials.credentialId, [...byCredential.keys()]), eq(cloudCredentials.isActive, true)))
      .orderBy(asc(cloudCredentials.credentialId))
      .for('no key update');
    if (rows.length < byCredential.size) throw new Error('a credential was deleted while it was fetched');
    const counts = new Map<string, number>();
    for (const row of rows) {
      const used = await countUses(tx, row, byCredential.get(row.credentialId) ?? []);
      counts.set(row.credentialId, used.usageCount);
    }
    await audit(tx, fetches, counts);
  });
}

const batcher = () =>
  processWide('credential-fetches', () =>
    createBatcher<Fetch, void>({
      maxSize: 200,
      maxInFlight: 1,
      run: async fetches => {
        await writeFetches(fetches);
        return fetches.map(() => undefined);
      },
    }),
  );

/** Counts and audits one fetch, together with those that come at the same time; over once it is on record. */
export const noteFetch = (fetch: Fetch): Promise<void> => batcher()(fetch);

/** Sends on the uses that no later use would carry along: those of the last windows. Answers how many credentials. */
export async function mirrorUsage(now: Date): Promise<number> {
  return db().transaction(async tx => {
    const used = await tx
      .select()
      .from(cloudCredentials)
      .where(gte(cloudCredentials.lastUsedAt, new Date(now.getTime() - 2 * mirrorEveryMs)));
    await enqueue(
      tx,
      used.map(row => credentialsMirror.ref(row)),
    );
    return used.length;
  });
}
