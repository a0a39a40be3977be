/** The owner of a customer of the demo, at a time of the past: who set what people set by hand. */
import { and, eq } from 'drizzle-orm';
import type { Customer } from '@/lib/domains/customers/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export async function ownerCtx(customer: Customer, at: Date): Promise<CustomerCtx> {
  const [owner] = await db()
    .select({ userId: teamMembers.userId, email: teamMembers.email })
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customer.customerId), eq(teamMembers.role, 'OWNER')));
  if (!owner?.userId) throw new Error(`${customer.companyName} has no owner`);
  const ctx = requireCustomer(systemCtx('seed', customer, () => at));
  return { ...ctx, actor: { type: 'user', id: owner.userId, email: owner.email, role: 'OWNER' } };
}
