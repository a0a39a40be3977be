import { expect, test } from 'vitest';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { readCredentialUse } from '@/lib/domains/providers/credential-use';

test('a credential is used by as many configs as name it, on or off, of this customer alone', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [used, unused, foreign] = await Promise.all([
    storedCredential(world),
    storedCredential(world),
    storedCredential(other),
  ]);
  await insertConfig(world, { credentialId: used.id });
  await insertConfig(world, { credentialId: used.id, isActive: false });
  await insertConfig(world);
  await insertConfig(other, { credentialId: foreign.id });
  const use = await readCredentialUse(world.as('VIEWER'));
  expect([...use]).toEqual([[used.id, 2]]);
  expect(use.has(unused.id)).toBe(false);
});
