/**
 * How many provider configs may be on: the plan's number, counted under the customer's lock.
 * Source: docs/architecture.md, Provider configs.
 */
import { and, count, eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { maxConfigs, planWithRoom, providersFull } from '@/lib/domains/providers/rules';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { plans } from '@/lib/domains/subscriptions/rules';
import type { Db, Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type ProviderUse = {
  /** Configs that are on. */
  active: number;
  limit: number;
};

/** Configs that are on and how many the plan has, without a lock. */
export async function countProviders(store: Db | Tx, customerId: string): Promise<ProviderUse> {
  const on = and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.isActive, true));
  const [[found], { maxProviders }] = await Promise.all([
    store.select({ active: count() }).from(providerConfigs).where(on),
    currentSubscription(store, customerId),
  ]);
  return { active: found?.active ?? 0, limit: maxProviders };
}

/** The refusal of a further config that is on; it names the smallest plan that has room. AppError conflict. */
function requireFreeProvider(use: ProviderUse): void {
  if (use.active < use.limit) return;
  const plan = planWithRoom(use.active);
  const details = { providers_in_use: use.active, providers: use.limit };
  throw new AppError('conflict', providersFull(use), {
    details: { ...details, plan_with_room: plan, providers_of_that_plan: plan && plans[plan].providers },
  });
}

/**
 * Takes a place among the configs that are on: locks the customer's row until `tx` ends, so that two at once see one another.
 * Call it before a config is locked. AppError conflict where all are in use, with the plan that has room.
 */
export async function takeProvider(tx: Tx, customerId: string): Promise<void> {
  await lockCustomer(tx, customerId);
  requireFreeProvider(await countProviders(tx, customerId));
}

/** Throws AppError conflict where the customer, whose row is locked or who is only asked in advance, has all its configs. */
export async function requireFreePlace(store: Db | Tx, customerId: string): Promise<void> {
  const [found] = await store
    .select({ stored: count() })
    .from(providerConfigs)
    .where(eq(providerConfigs.customerId, customerId));
  if ((found?.stored ?? 0) < maxConfigs) return;
  throw new AppError('conflict', `There are ${maxConfigs} provider configs, which is the most. Delete one first.`, {
    details: { max_configs: maxConfigs },
  });
}
