/** Audit rows for reads: what staff looked at across customers. */
import { appendAudit } from '@/lib/kernel/audit/audit';
import type { Ctx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** Appends one row saying which staff question was asked with which parameters. */
export async function recordStaffRead(ctx: Ctx, query: string, params: unknown): Promise<void> {
  await db().transaction(tx =>
    appendAudit(tx, ctx, { action: query, targetType: 'query', targetId: query, outcome: 'ok', after: params }),
  );
}
