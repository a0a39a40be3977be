import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { createServiceKey } from '@/lib/domains/keys/service-keys';
import { apiKeys, serviceKeys } from '@/lib/domains/keys/tables';
import { auditLog, outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

// The environment is read at the first call, which comes after this line; port 9 answers nobody.
process.env.KMS_API_URL = 'http://127.0.0.1:9';

test('without the key service no key is made and nothing is written', async () => {
  const world = await createWorld();
  const apiKeyId = newUuid();
  const now = new Date();
  const old = {
    keyName: 'old',
    keyPrefix: 'ty_live_abcd',
    keyLast4: 'wxyz',
    scopes: ['runs:read'],
    createdAt: now,
    updatedAt: now,
  };
  await db()
    .insert(apiKeys)
    .values({
      ...old,
      apiKeyId,
      customerId: world.customerId,
      apiKeyHash: newUuid(),
      encryptedApiKey: Buffer.of(1),
      createdBy: 'test',
      updatedBy: 'test',
    });
  const rowsOf = async () => ({
    keys: await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId)),
    services: await db().select().from(serviceKeys).where(eq(serviceKeys.keyName, apiKeyId)),
    audit: (await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId))).length,
    outbox: (await db().select().from(outbox).where(eq(outbox.key, apiKeyId))).length,
  });
  const before = await rowsOf();
  const attempts = [
    () => createKey(world.as('OWNER'), { name: 'x', scopes: ['runs:read'] }),
    () => rotateKey(world.as('OWNER'), { api_key_id: apiKeyId }),
    () => createServiceKey(world.system, { name: apiKeyId, scopes: ['runs:any'] }),
  ];
  const refused = { code: 'key_service_unavailable', status: 503 };
  await Promise.all(attempts.map(attempt => expect(attempt()).rejects.toMatchObject(refused)));
  expect(await rowsOf()).toEqual(before);
}, 60_000);
