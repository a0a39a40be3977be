import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { createConfig, editConfig } from '@/lib/domains/providers/commands';
import { findConfig, listConfigs } from '@/lib/domains/providers/queries';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

test('the list is filtered, ordered by what people see, and paged to its end', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const owner = world.as('OWNER');
  for (const [name, schedule_cron] of [
    ['Bravo', '0 5 * * *'],
    ['alpha', '*/5 * * * *'],
    ['Charlie', null],
  ] as const)
    await createConfig(owner, {
      name,
      provider: 'GCP',
      domain: 'COST',
      schedule_cron,
      schedule_enabled: !!schedule_cron,
    });
  await createConfig(owner, { name: 'Delta', provider: 'AWS', domain: 'SECURITY', is_active: false, tags: ['x'] });
  const names = async (asked: object) => (await listConfigs(owner, asked)).configs.map(config => config.name);
  expect(await names({ sort: 'name', dir: 'asc' })).toEqual(['alpha', 'Bravo', 'Charlie', 'Delta']);
  expect((await names({ sort: 'next_run', dir: 'asc' })).slice(0, 2)).toEqual(['alpha', 'Bravo']);
  expect(await names({ state: 'off' })).toEqual(['Delta']);
  expect(await names({ tag: 'x', provider: 'AWS', domain: 'SECURITY', q: 'DEL' })).toEqual(['Delta']);
  for (const sort of ['name', 'created', 'last_run', 'next_run'] as const) {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listConfigs(owner, { sort, dir: 'asc', limit: 1, after });
      expect(page.total).toBe(4);
      seen.push(...page.configs.map(config => config.name));
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(seen.toSorted()).toEqual(['Bravo', 'Charlie', 'Delta', 'alpha']);
  }
});

test('a change is shown at once as updating, and as it is once the copy has it', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result } = await createConfig(owner, { name: 'First', provider: 'GCP', domain: 'COST' });
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  await editConfig(owner, { config_id: result.config_id, name: 'Second' });
  expect((await listConfigs(owner, {})).configs).toMatchObject([{ name: 'Second', updating: true, version: 2 }]);
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  expect((await listConfigs(owner, {})).configs).toMatchObject([{ name: 'Second', updating: false }]);
});

test('a config of another customer is not found, and neither is what cannot be an id', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const { configId } = await insertConfig(other);
  for (const id of [configId, '', '%00', 'a b'])
    await expect(findConfig(world.as('OWNER'), id)).rejects.toMatchObject({ code: 'not_found' });
  expect((await findConfig(other.as('VIEWER'), configId)).credential).toBeNull();
});
