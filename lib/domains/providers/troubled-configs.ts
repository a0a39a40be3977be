/** Provider configs that need a look: held back by their failures, or not run at a time of their schedule. Source: docs/architecture.md, Provider configs. */
import { and, desc, eq, gt, gte } from 'drizzle-orm';
import { scheduleMisses } from '@/lib/domains/notifications/tables';
import { backOffSteps } from '@/lib/domains/providers/rules';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type TroubledConfigs = {
  /** Most failures first. */
  backingOff: readonly { configId: string; name: string; failures: number }[];
  /** One a config: its latest time of the last 24 hours at which nothing ran. */
  missed: readonly { configId: string; name: string; scheduledFor: Date }[];
};

const shownForMs = 86_400_000;
const mostShown = 20;
const heldFrom = backOffSteps[0].failures;

/** The customer's configs that are on and need a look, at most 20 of each kind, from Postgres. AppError forbidden. */
export async function readTroubledConfigs(ctx: Ctx): Promise<TroubledConfigs> {
  await authorise(ctx, 'providers:read', 'provider_config.list_troubled');
  const { customerId } = requireCustomer(ctx);
  const isMine = and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.isActive, true));
  const { configId, configName: name, consecutiveFailures: failures, scheduleEnabled } = providerConfigs;
  const held = db()
    .select({ configId, name, failures })
    .from(providerConfigs)
    .where(and(isMine, eq(scheduleEnabled, true), gte(failures, heldFrom)))
    .orderBy(desc(failures), configId)
    .limit(mostShown);
  const since = new Date(ctx.clock().getTime() - shownForMs);
  const misses = db()
    .selectDistinctOn([configId], { configId, name, scheduledFor: scheduleMisses.scheduledFor })
    .from(scheduleMisses)
    .innerJoin(providerConfigs, eq(configId, scheduleMisses.configId))
    .where(and(isMine, eq(scheduleMisses.customerId, customerId), gt(scheduleMisses.scheduledFor, since)))
    .orderBy(configId, desc(scheduleMisses.scheduledFor))
    .limit(mostShown);
  const [backingOff, missed] = await Promise.all([held, misses]);
  return { backingOff, missed };
}
