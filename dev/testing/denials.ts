/** Refusals on record of one actor: those still counted in their minute, and those already in the audit log. */
import { and, eq } from 'drizzle-orm';
import { auditDenials, auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

/** By action; a job or another test may move them from the one table to the other at any time. */
export async function denialsOf(actorId: string) {
  const { scope, customerId, actorType, action, occurrences, requestId } = auditDenials;
  const counted = { scope, customerId, actorType, action, occurrences, requestId };
  const settled = {
    scope: auditLog.scope,
    customerId: auditLog.customerId,
    actorType: auditLog.actorType,
    action: auditLog.action,
    occurrences: auditLog.occurrences,
    requestId: auditLog.requestId,
  };
  const rows = await db()
    .select(counted)
    .from(auditDenials)
    .where(eq(auditDenials.actorId, actorId))
    .union(
      db()
        .select(settled)
        .from(auditLog)
        .where(and(eq(auditLog.actorId, actorId), eq(auditLog.outcome, 'denied'))),
    );
  return rows.sort((a, b) => a.action.localeCompare(b.action));
}
