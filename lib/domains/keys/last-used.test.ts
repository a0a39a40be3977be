import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { mirrorEveryMs, mirrorLastUsed } from '@/lib/domains/keys/last-used';
import { customerApiKeysMirror } from '@/lib/domains/keys/mirror';
import { apiKeys } from '@/lib/domains/keys/tables';
import { flushKeyUses, touchKey } from '@/lib/domains/keys/uses';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const input = { name: 'ci-loader', scopes: ['runs:write'] };

async function newKey() {
  const world = await createWorld();
  const { result } = await createKey(world.system, input);
  const id = result.key.api_key_id;
  const row = async () => {
    const [key] = await db().select().from(apiKeys).where(eq(apiKeys.apiKeyId, id));
    if (!key) throw new Error('the key is gone');
    return key;
  };
  return { id, row, before: await row() };
}

test('uses are written together, the latest wins, and the row’s own change time stays', async () => {
  const { id, row, before } = await newKey();
  const latest = new Date();
  for (const secondsAgo of [40, 0, 20]) touchKey(id, new Date(latest.getTime() - secondsAgo * 1000));
  expect((await row()).lastUsedAt).toBeNull();
  await flushKeyUses();
  expect(await row()).toEqual({ ...before, lastUsedAt: latest, lastUsedMirroredAt: latest });
});

test('an earlier use that arrives late does not turn the clock back', async () => {
  const { id, row } = await newKey();
  const latest = new Date();
  touchKey(id, latest);
  await flushKeyUses();
  touchKey(id, new Date(latest.getTime() - 60_000));
  await flushKeyUses();
  expect((await row()).lastUsedAt).toEqual(latest);
});

test('BigQuery hears of the first use at once, of further ones at most each 5 minutes, and of the last one in the end', async () => {
  const { id, row } = await newKey();
  const first = new Date(Date.now() - 60_000);
  touchKey(id, first);
  await flushKeyUses();
  expect(customerApiKeysMirror.toRow(await row()).last_used_at).toEqual(first);
  const second = new Date();
  touchKey(id, second);
  await flushKeyUses();
  expect((await row()).lastUsedAt).toEqual(second);
  expect(customerApiKeysMirror.toRow(await row()).last_used_at).toEqual(first);
  await mirrorLastUsed(new Date(first.getTime() + mirrorEveryMs + 1));
  expect(customerApiKeysMirror.toRow(await row()).last_used_at).toEqual(second);
});

test('a use that need not be mirrored queues nothing', async () => {
  const { id } = await newKey();
  touchKey(id, new Date(Date.now() - 1_000));
  await flushKeyUses();
  const queued = () =>
    db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.key, id), eq(outbox.mirror, 'tenant.api_keys')));
  const before = (await queued()).length;
  touchKey(id, new Date());
  await flushKeyUses();
  expect((await queued()).length).toBeLessThanOrEqual(before);
});

test('an unknown key in a batch does not keep the others from being written', async () => {
  const { id, row } = await newKey();
  touchKey('no-such-key', new Date());
  touchKey(id, new Date());
  await flushKeyUses();
  expect((await row()).lastUsedAt).not.toBeNull();
});
