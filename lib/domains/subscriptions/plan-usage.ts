/** What of a plan is in use now, from Postgres, for whoever may see the plan. */
import { and, count, eq } from 'drizzle-orm';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { type Quota, readQuota } from '@/lib/domains/quotas/read-quota';
import { readSeats } from '@/lib/domains/team/seats';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type PlanUsage = { seats: number; providers: number; runsToday: number; quota: Quota };

/** Provider configs that are on. */
async function countActive(customerId: string): Promise<number> {
  const on = and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.isActive, true));
  const [found] = await db().select({ active: count() }).from(providerConfigs).where(on);
  return found?.active ?? 0;
}

/** Seats, providers and runs in use. The caller has been authorised: billing:read covers use and limits. */
export async function readPlanUsage(ctx: CustomerCtx): Promise<PlanUsage> {
  const reader = requireCustomer(systemCtx('subscription.read', ctx, ctx.clock));
  const [seats, providers, quota] = await Promise.all([
    readSeats(reader),
    countActive(ctx.customerId),
    readQuota(reader),
  ]);
  return { seats: seats.used, providers, runsToday: quota.runsToday, quota };
}
