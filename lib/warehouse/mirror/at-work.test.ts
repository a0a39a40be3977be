import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { enqueue, isRelayAtWork, waitForMirror } from '@/lib/kernel/outbox';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { openSession } from '@/lib/warehouse/mirror/session';

test('who made a change waits for a relay that is at work, and not where there is none', async () => {
  const ref = { mirror: `nobody.${randomText(8)}`, key: 'never-sent', partitionValue: null, customerId: null };
  await db().transaction(tx => enqueue(tx, [ref]));
  const session = await openSession();
  expect(await isRelayAtWork()).toBe(true);
  const waited = waitForMirror([ref], 600_000);
  await db().delete(outbox).where(eq(outbox.mirror, ref.mirror));
  expect(await waited).toBe(true);
  await session.close();

  await db().transaction(tx => enqueue(tx, [ref]));
  // Relays of other tests come and go.
  await expect.poll(isRelayAtWork, { timeout: 20_000 }).toBe(false);
  expect(await waitForMirror([ref], 600_000)).toBe(false);
  await db().delete(outbox).where(eq(outbox.mirror, ref.mirror));
});
