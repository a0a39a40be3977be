import { expect, test } from 'vitest';
import { secretOf, storedCredential } from '@/dev/testing/credentials/secrets';
import { rowsOf } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { deleteCredential } from '@/lib/domains/credentials/commands';
import { notifyCredentialExpiry } from '@/lib/domains/credentials/expiry';
import { rotateCredential } from '@/lib/domains/credentials/rotation';

const dayMs = 86_400_000;
const start = Date.now();
const inDays = (days: number) => new Date(start + days * dayMs);
const tell = async (world: World, days: number) =>
  (await notifyCredentialExpiry({ clock: () => inDays(days), customers: [world.customerId] })).told;

test('owner and admin are told 14, 7 and 1 days ahead, each mark once however often the job runs', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world, { name: 'prod', expires_at: inDays(30).toISOString() });
  const counts: number[] = [];
  for (const day of [0, 15, 16, 16.5, 22.9, 23, 26, 29, 29.5, 31]) counts.push(await tell(world, day));
  expect(counts).toEqual([0, 0, 2, 0, 0, 2, 0, 2, 0, 0]);
  const told = (await rowsOf(world)).filter(row => row.recipient === world.members.OWNER.email);
  expect(told.map(row => row.data)).toContainEqual({
    credential_id: id,
    name: 'prod',
    provider: 'OpenAI',
    expires_at: inDays(30).toISOString(),
    mark: 7,
    days_left: 7,
  });
});

test('a credential that was deleted, rotated or never expires, and a fresh one with a short life, are not told of', async () => {
  const world = await createWorld();
  const soon = inDays(20).toISOString();
  const deleted = await storedCredential(world, { expires_at: soon });
  await deleteCredential(world.system, { credential_id: deleted.id });
  const rotated = await storedCredential(world, { expires_at: soon });
  const secret = secretOf.openai_api_key();
  await rotateCredential(world.system, { credential_id: rotated.id, secret, expires_at: inDays(90).toISOString() });
  await storedCredential(world);
  expect(await tell(world, 10)).toBe(0);
  await storedCredential(world, { expires_at: inDays(5).toISOString() });
  expect(await tell(world, 0.01)).toBe(0);
});
