/** What of a plan is in use now, from Postgres, for whoever may see the plan. */
import { type Quota, readQuota } from '@/lib/domains/quotas/read-quota';
import { readSeats } from '@/lib/domains/team/seats';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';

export type PlanUsage = { seats: number; runsToday: number; quota: Quota };

/** Seats and runs in use. The caller has been authorised: billing:read covers use and limits. */
export async function readPlanUsage(ctx: CustomerCtx): Promise<PlanUsage> {
  const reader = requireCustomer(systemCtx('subscription.read', ctx, ctx.clock));
  const [seats, quota] = await Promise.all([readSeats(reader), readQuota(reader)]);
  return { seats: seats.used, runsToday: quota.runsToday, quota };
}
