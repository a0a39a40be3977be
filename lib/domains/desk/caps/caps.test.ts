/** What queries may bill is the least of four, set by admins, on record, and a key's cap survives its rotation. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { keyCtx } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { capOf, operatorLimits, readCaps } from '@/lib/domains/desk/caps/caps';
import { listKeyCaps, setKeyCap } from '@/lib/domains/desk/caps/key-caps';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { leastBytes } from '@/lib/domains/desk/rules';
import { createKey } from '@/lib/domains/keys/commands';
import { rotateKey } from '@/lib/domains/keys/rotation';
import type { Permission } from '@/lib/kernel/permissions';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const newKey = async (world: World, scopes: Permission[] = ['desk:query']) =>
  (await createKey(world.system, { name: 'agent', scopes })).result.key.api_key_id;
const capOfKey = (world: World, id: string, asked?: number) => capOf(keyCtx(world, { id }), asked);

test('without a choice the operator’s caps hold', async () => {
  const world = await createWorld();
  const operator = operatorLimits();
  expect(await readCaps(world.as('OWNER'))).toEqual({ ...operator, dayBytes: 0, operator });
  expect(await capOf(world.as('OWNER'))).toBe(operator.maxBytesPerQuery);
});

test('a query’s cap is the least of operator, customer, key and its own', async () => {
  const world = await createWorld();
  const key = await newKey(world);
  await setDeskSettings(world.as('ADMIN'), { max_bytes_per_query: 5 * leastBytes });
  await setKeyCap(world.as('ADMIN'), { api_key_id: key, max_bytes_per_query: 3 * leastBytes });
  expect(await capOf(world.as('OWNER'))).toBe(5 * leastBytes);
  expect(await capOf(world.as('OWNER'), 2 * leastBytes)).toBe(2 * leastBytes);
  expect(await capOf(world.as('OWNER'), Number.MAX_SAFE_INTEGER)).toBe(5 * leastBytes);
  expect(await capOfKey(world, key)).toBe(3 * leastBytes);
  expect(await capOfKey(world, key, 4 * leastBytes)).toBe(3 * leastBytes);
  expect(await capOfKey(world, key, leastBytes)).toBe(leastBytes);
  await setDeskSettings(world.as('ADMIN'), { max_bytes_per_query: 2 * leastBytes });
  expect(await capOfKey(world, key)).toBe(2 * leastBytes);
});

test('nobody sets more than is above, or less than BigQuery bills; null gives the operator’s back', async () => {
  const world = await createWorld();
  const key = await newKey(world);
  const { maxBytesPerQuery, bytesPerDay } = operatorLimits();
  const wrong = [
    { max_bytes_per_query: maxBytesPerQuery + 1 },
    { bytes_per_day: bytesPerDay + 1 },
    { max_bytes_per_query: leastBytes - 1 },
    { bytes_per_day: -1 },
    { max_bytes_per_query: 'much' },
    { nonsense: 1 },
  ];
  for (const input of wrong)
    await expect(setDeskSettings(world.as('OWNER'), input), JSON.stringify(input)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  await setDeskSettings(world.as('OWNER'), { max_bytes_per_query: 2 * leastBytes, bytes_per_day: 0 });
  await expect(
    setKeyCap(world.as('OWNER'), { api_key_id: key, max_bytes_per_query: 3 * leastBytes }),
  ).rejects.toMatchObject({ code: 'invalid_input' });
  await setDeskSettings(world.as('OWNER'), { max_bytes_per_query: null });
  expect(await readCaps(world.as('OWNER'))).toMatchObject({ maxBytesPerQuery, bytesPerDay: 0 });
});

test('only admins set them, and each change is on record once', async () => {
  const world = await createWorld();
  const key = await newKey(world);
  const input = { max_bytes_per_query: leastBytes };
  for (const role of ['COLLABORATOR', 'VIEWER'] as const) {
    await expect(setDeskSettings(world.as(role), input)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(setKeyCap(world.as(role), { ...input, api_key_id: key })).rejects.toMatchObject({ code: 'forbidden' });
  }
  await expect(setDeskSettings(keyCtx(world, { id: key }), input)).rejects.toMatchObject({
    code: 'insufficient_scope',
  });
  for (const _ of [1, 2]) {
    await setDeskSettings(world.as('ADMIN'), input);
    await setKeyCap(world.as('ADMIN'), { ...input, api_key_id: key });
  }
  const rows = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  const own = rows.filter(({ action }) => action.startsWith('desk.'));
  expect(own.map(({ action, targetType }) => [action, targetType])).toEqual([
    ['desk.set_caps', 'desk'],
    ['desk.set_key_cap', 'api_key'],
  ]);
  expect(own[1]).toMatchObject({ before: { max_bytes_per_query: null }, after: { max_bytes_per_query: leastBytes } });
});

test('a key keeps its cap when it is rotated, and loses it only when it is taken away', async () => {
  const world = await createWorld();
  const admin = world.as('ADMIN');
  const first = await newKey(world);
  await setKeyCap(admin, { api_key_id: first, max_bytes_per_query: leastBytes });
  const rotate = async (id: string) =>
    (await rotateKey(world.system, { api_key_id: id, grace_seconds: 0 })).result.key.api_key_id;
  const third = await rotate(await rotate(first));
  expect(await capOfKey(world, third)).toBe(leastBytes);
  expect(await listKeyCaps(admin, {})).toMatchObject([{ api_key_id: third, max_bytes_per_query: leastBytes }]);
  await setKeyCap(admin, { api_key_id: third, max_bytes_per_query: null });
  expect(await capOfKey(world, third)).toBe(operatorLimits().maxBytesPerQuery);
});

test('listed are the customer’s own keys that may query; the cap of any other is not found', async () => {
  const [world, stranger] = [await createWorld(), await createWorld()];
  const [key, other, foreign] = [await newKey(world), await newKey(world, ['runs:read']), await newKey(stranger)];
  expect((await listKeyCaps(world.as('OWNER'), {})).map(({ api_key_id }) => api_key_id)).toEqual([key]);
  for (const api_key_id of [other, foreign, 'key_nothing'])
    await expect(setKeyCap(world.as('OWNER'), { api_key_id, max_bytes_per_query: null })).rejects.toMatchObject({
      code: 'not_found',
    });
});
