/** Provider configs put where the product keeps them, for tests of what runs them. */
import type { World } from '@/dev/testing/world';
import { nextRunOf } from '@/lib/domains/providers/schedule/next-run';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

/** Stores a config that is on, at `at` by its clock; with `scheduleCron` it is scheduled. `change` overrides columns. */
export async function insertConfig(
  world: World,
  change: Partial<typeof providerConfigs.$inferInsert> = {},
  at: Date = new Date(),
): Promise<ProviderConfig> {
  const configId = newId('cfg');
  const row = {
    configId,
    customerId: world.customerId,
    provider: 'GCP' as const,
    domain: 'COST' as const,
    configName: `Config ${configId}`,
    pipelineId: 'gcp_cost',
    scheduleEnabled: Boolean(change.scheduleCron),
    createdAt: at,
    createdBy: world.members.OWNER.email,
    updatedAt: at,
    ...change,
  };
  const scheduled = {
    isActive: true,
    scheduleCron: null,
    scheduleTimezone: 'UTC',
    consecutiveFailures: 0,
    lastTickAt: null,
    ...row,
  };
  const [stored] = await db()
    .insert(providerConfigs)
    .values({ nextRunAt: nextRunOf(scheduled, at), ...row })
    .returning();
  if (!stored) throw new Error('the config was not stored');
  return stored;
}
