import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { listRecentChanges } from '@/lib/domains/audit/recent';
import { createKey, renameKey } from '@/lib/domains/keys/commands';
import { newUuid } from '@/lib/platform/ids';

const keyOf = (name: string) => ({
  name,
  scopes: ['quota:read'],
  expires_at: null,
  rate_limit_tier: 'STANDARD',
  request_token: newUuid(),
});

test('the last changes of one kind are told in words, the newest first, of nobody else', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const { result } = await createKey(world.as('ADMIN'), keyOf('loader'));
  await createKey(other.as('ADMIN'), keyOf('foreign'));
  await renameKey(world.as('OWNER'), { api_key_id: result.key.api_key_id, name: 'ci-loader' });
  const changes = await listRecentChanges(world.as('ADMIN'), { target: 'api_key' });
  expect(changes.map(({ actor, sentence }) => `${actor} ${sentence}`)).toEqual([
    'OWNER Person renamed API key loader to “ci-loader”',
    `ADMIN Person created API key loader (${result.key.key_prefix}…)`,
  ]);
  expect(await listRecentChanges(world.as('ADMIN'), { target: 'repository' })).toEqual([]);
  await expect(listRecentChanges(world.as('VIEWER'), { target: 'api_key' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});
