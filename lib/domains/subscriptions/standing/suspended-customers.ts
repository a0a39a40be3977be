/** Which organizations are suspended, since when and why; exact, because staff act on it. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

export type SuspendedCustomer = {
  customer_id: string;
  company_name: string;
  plan: string;
  /** Null where the entry of the suspension has left the audit log. */
  suspended_at: Date | null;
  suspended_by: string | null;
  reason: string | null;
};

/** Suspended organizations, the latest first, at most 200. Staff only; the read is on record. AppError forbidden. */
export async function listSuspended(ctx: Ctx): Promise<SuspendedCustomer[]> {
  await authorise(ctx, 'staff:read', 'customer.list_suspended');
  await recordStaffRead(ctx, 'customer.list_suspended', {});
  const latest = db()
    .select({
      at: sql<Date>`${auditLog.occurredAt}`.mapWith(auditLog.occurredAt).as('at'),
      by: sql<string>`${auditLog.actorId}`.as('by'),
      reason: sql<string | null>`${auditLog.after}->>'reason'`.as('reason'),
    })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.scope, customers.customerId),
        eq(auditLog.action, 'customer.suspend'),
        eq(auditLog.outcome, 'ok'),
      ),
    )
    .orderBy(desc(auditLog.sequence))
    .limit(1)
    .as('latest');
  return db()
    .select({
      customer_id: customers.customerId,
      company_name: customers.companyName,
      plan: customers.subscriptionPlan,
      suspended_at: latest.at,
      suspended_by: latest.by,
      reason: latest.reason,
    })
    .from(customers)
    .leftJoinLateral(latest, sql`true`)
    .where(eq(customers.status, 'SUSPENDED'))
    .orderBy(sql`${latest.at} DESC NULLS LAST`, customers.customerId)
    .limit(200);
}
