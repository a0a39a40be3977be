/** A customer with a key that sends, and keys that may not: revoked, expired, of a suspended or ended organization, of another scope. */
import { eq, sql } from 'drizzle-orm';
import { customerKey, serviceKey, type TestKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import type { CustomerStatus } from '@/lib/domains/customers/rules';
import { customers } from '@/lib/domains/customers/tables';
import { revokeKey } from '@/lib/domains/keys/commands';
import { apiKeys } from '@/lib/domains/keys/tables';
import type { Permission } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';

export type DoorScene = { world: World; key: TestKey; service: TestKey; keys: Record<string, string> };

/** `narrowScope` is the scope of the key that lacks the door's. */
export async function createDoorScene(narrowScope: Permission): Promise<DoorScene> {
  const [world, second, third] = [await createWorld(), await createWorld(), await createWorld()];
  const become = ({ customerId }: World, status: CustomerStatus) =>
    db().update(customers).set({ status }).where(eq(customers.customerId, customerId));
  const [key, revoked, expired, suspended, ended, narrow] = [
    await customerKey(world),
    await customerKey(world),
    await customerKey(world),
    await customerKey(second),
    await customerKey(third),
    await customerKey(world, [narrowScope]),
  ];
  await become(second, 'SUSPENDED');
  await become(third, 'CANCELLED');
  await revokeKey(world.system, { api_key_id: revoked.id });
  const past = { expiresAt: sql`clock_timestamp() - interval '1 second'` };
  await db().update(apiKeys).set(past).where(eq(apiKeys.apiKeyId, expired.id));
  const texts = { revoked, expired, suspended, ended, narrow };
  const keys = Object.fromEntries(Object.entries(texts).map(([name, { text }]) => [name, text]));
  return { world, key, service: await serviceKey(), keys };
}
