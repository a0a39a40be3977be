import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import { maxWriteKeys } from '@/lib/domains/events/rules';
import { deleteSource, editSource } from '@/lib/domains/events/sources/commands';
import { sourceOfWriteKey } from '@/lib/domains/events/sources/source-of-write-key';
import { newWriteKey } from '@/lib/domains/events/sources/write-key';
import { revokeWriteKey, rotateWriteKey } from '@/lib/domains/events/sources/write-keys';
import { eventWriteKeys } from '@/lib/domains/events/tables';
import { db, pool } from '@/lib/platform/db';

const current = (view: { write_keys: { write_key: string; expires_at: Date | null }[] }) =>
  view.write_keys.filter(key => key.expires_at === null).map(key => key.write_key);

test('a rotation makes a new key and lets the old one go on for the overlap, then no longer', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const { result } = await rotateWriteKey(world.as('COLLABORATOR'), {
    source_id: source.sourceId,
    overlap_seconds: 86_400,
  });
  expect(current(result)).toHaveLength(1);
  expect(current(result)).not.toContain(source.writeKey);
  const later = (hours: number) => () => new Date(Date.now() + hours * 3_600_000);
  expect(await sourceOfWriteKey(source.writeKey)).toMatchObject({ sourceId: source.sourceId });
  expect(await sourceOfWriteKey(source.writeKey, later(23))).toMatchObject({ sourceId: source.sourceId });
  expect(await sourceOfWriteKey(source.writeKey, later(25))).toBeNull();
  expect(await sourceOfWriteKey(current(result)[0] as string, later(25))).not.toBeNull();
});

test('a rotation without overlap ends the old key at once', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  expect(await sourceOfWriteKey(source.writeKey)).not.toBeNull();
  const { result } = await rotateWriteKey(world.as('OWNER'), { source_id: source.sourceId, overlap_seconds: 0 });
  expect(result.write_keys).toHaveLength(1);
  expect(await sourceOfWriteKey(source.writeKey)).toBeNull();
});

test('a second click that names the key it saw makes no second key', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const click = { source_id: source.sourceId, write_key: source.writeKey };
  const results = await Promise.all([
    rotateWriteKey(world.as('OWNER'), click),
    rotateWriteKey(world.as('OWNER'), click),
  ]);
  expect(results.map(({ result }) => result.write_keys.length)).toEqual([2, 2]);
  await expect(
    rotateWriteKey(world.as('OWNER'), { source_id: source.sourceId, write_key: newWriteKey() }),
  ).rejects.toMatchObject({ code: 'not_found' });
});

test('no more keys of a source work at once than may', async () => {
  const world = await createWorld();
  const { sourceId } = await insertSource(world);
  const rotate = (overlap: number) =>
    rotateWriteKey(world.as('OWNER'), { source_id: sourceId, overlap_seconds: overlap });
  for (let keys = 1; keys < maxWriteKeys; keys++) await rotate(604_800);
  await expect(rotate(604_800)).rejects.toMatchObject({ code: 'conflict' });
  const { result } = await rotate(0);
  expect(result.write_keys).toHaveLength(maxWriteKeys);
});

test('a revoked key stops at once, the last one too, and a rotation makes a new one', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const key = { source_id: source.sourceId, write_key: source.writeKey };
  const { result } = await revokeWriteKey(world.as('OWNER'), key);
  expect(result.write_keys).toEqual([]);
  expect(await sourceOfWriteKey(source.writeKey)).toBeNull();
  await revokeWriteKey(world.as('OWNER'), key);
  const made = await rotateWriteKey(world.as('OWNER'), { source_id: source.sourceId });
  expect(current(made.result)).toHaveLength(1);
});

test('the key of another source of the same customer is not found', async () => {
  const world = await createWorld();
  const [one, other] = [await insertSource(world), await insertSource(world)];
  const foreign = { source_id: one.sourceId, write_key: other.writeKey };
  await expect(revokeWriteKey(world.as('OWNER'), foreign)).rejects.toMatchObject({ code: 'not_found' });
  await expect(rotateWriteKey(world.as('OWNER'), foreign)).rejects.toMatchObject({ code: 'not_found' });
});

test('the door sees a change of the source at once in this process, and a deleted source takes nothing', async () => {
  const world = await createWorld();
  const source = await insertSource(world, { redactsIp: true, allowedOrigins: ['https://a.example'] });
  expect(await sourceOfWriteKey(source.writeKey)).toMatchObject({
    customerId: world.customerId,
    isEnabled: true,
    redactsIp: true,
    allowedOrigins: ['https://a.example'],
    requestsPerSecond: 1_000,
  });
  await editSource(world.as('OWNER'), { source_id: source.sourceId, is_enabled: false });
  expect(await sourceOfWriteKey(source.writeKey)).toMatchObject({ isEnabled: false });
  await deleteSource(world.as('OWNER'), { source_id: source.sourceId });
  expect(await sourceOfWriteKey(source.writeKey)).toBeNull();
});

test('a thousand calls at once with one key ask Postgres once, and a malformed key never', async () => {
  const source = await insertSource(await createWorld());
  const asked = vi.spyOn(pool(), 'query');
  try {
    const found = await Promise.all(Array.from({ length: 1_000 }, () => sourceOfWriteKey(source.writeKey)));
    expect(found.every(one => one?.sourceId === source.sourceId)).toBe(true);
    await sourceOfWriteKey(newWriteKey().toUpperCase());
    await sourceOfWriteKey(`${newWriteKey()}'`);
    const questions = asked.mock.calls.filter(([query]) => (query as { name?: string }).name === 'find-write-key');
    expect(questions).toHaveLength(1);
  } finally {
    asked.mockRestore();
  }
});

test('a key that is asked for again within two seconds may be kept, one that is guessed pushes out none', async () => {
  const source = await insertSource(await createWorld());
  await sourceOfWriteKey(source.writeKey);
  for (let at = 0; at < 50; at++) expect(await sourceOfWriteKey(newWriteKey())).toBeNull();
  await db().update(eventWriteKeys).set({ revokedAt: new Date() }).where(eq(eventWriteKeys.writeKey, source.writeKey));
  // Revoked by another process: this one may take it for two seconds more, and not longer.
  await expect.poll(() => sourceOfWriteKey(source.writeKey), { timeout: 2_500 }).toBeNull();
});

test('the first use of a key is noted', async () => {
  const source = await insertSource(await createWorld());
  await sourceOfWriteKey(source.writeKey);
  const stored = () => db().select().from(eventWriteKeys).where(eq(eventWriteKeys.writeKey, source.writeKey));
  await expect.poll(async () => (await stored())[0]?.lastUsedAt).toBeInstanceOf(Date);
});
