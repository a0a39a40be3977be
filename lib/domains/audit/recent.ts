/** The latest changes of one kind of thing, from Postgres: what a form's page tells beside itself. */
import { and, desc, eq, gte, ne } from 'drizzle-orm';
import { z } from 'zod';
import { actorName, readNames, refsOf } from '@/lib/domains/audit/names';
import { type AuditEntryRow, storedEntry } from '@/lib/domains/audit/queries';
import { firstKeptDay } from '@/lib/domains/audit/retention';
import { targetTypes } from '@/lib/domains/audit/rules';
import { sentenceOf, viewOf } from '@/lib/domains/audit/view';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

export type RecentChange = { id: string; at: Date; actor: string; sentence: string };

const shown = 5;

async function readEntries(ctx: CustomerCtx, target: string): Promise<AuditEntryRow[]> {
  const rows = await db()
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.customerId, ctx.customerId),
        eq(auditLog.targetType, target),
        eq(auditLog.outcome, 'ok'),
        // Whoever signs in changes nothing.
        ne(auditLog.action, 'user.sign_in'),
        gte(auditLog.occurredAt, new Date(`${firstKeptDay(ctx.clock())}T00:00:00Z`)),
      ),
    )
    .orderBy(desc(auditLog.occurredAt), desc(auditLog.sequence))
    .limit(shown);
  return rows.map(storedEntry);
}

/** The last five changes of things of one kind, in words, the newest first; of the days that the log shows. AppError forbidden. */
export const listRecentChanges = defineOperation({
  name: 'audit.list_recent',
  permission: 'audit:read',
  input: z.strictObject({ target: z.enum(Object.keys(targetTypes)) }),
  run: async (ctx: CustomerCtx, { target }): Promise<RecentChange[]> => {
    const entries = await readEntries(ctx, target);
    const names = await readNames(ctx, refsOf(entries));
    return entries.map(entry => ({
      id: entry.audit_id,
      at: entry.occurred_at,
      actor: actorName(entry, names),
      sentence: sentenceOf(viewOf(entry, names)),
    }));
  },
});
