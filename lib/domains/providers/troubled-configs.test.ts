import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { scheduleMisses } from '@/lib/domains/notifications/tables';
import { readTroubledConfigs } from '@/lib/domains/providers/troubled-configs';
import { db } from '@/lib/platform/db';

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

test('configs that are held back by failures or did not run of late are told, of this customer and while they are on', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const failing = { scheduleCron: '0 2 * * *', consecutiveFailures: 6 };
  const held = await insertConfig(world, failing);
  await insertConfig(world, { ...failing, consecutiveFailures: 4 });
  await insertConfig(world, { ...failing, isActive: false });
  await insertConfig(other, failing);
  const missed = await insertConfig(world, { scheduleCron: '0 3 * * *' });
  const old = await insertConfig(world, { scheduleCron: '0 3 * * *' });
  const miss = (configId: string, hours: number) => ({
    customerId: world.customerId,
    about: configId,
    day: hoursAgo(hours).toISOString().slice(0, 10),
    configId,
    scheduledFor: hoursAgo(hours),
    reason: 'unclaimed' as const,
  });
  await db()
    .insert(scheduleMisses)
    .values([miss(missed.configId, 2), miss(old.configId, 30)]);
  const { backingOff, missed: told } = await readTroubledConfigs(world.as('VIEWER'));
  expect(backingOff).toEqual([{ configId: held.configId, name: held.configName, failures: 6 }]);
  expect(told.map(({ configId }) => configId)).toEqual([missed.configId]);
});
