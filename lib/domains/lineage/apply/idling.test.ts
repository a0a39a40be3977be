/** Events whose work holds the transaction until Postgres ends the session. */
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { queueEvents } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { lineageQueue } from '@/lib/domains/lineage/queue';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import { workInTransactions } from '@/lib/kernel/queue/work';
import { db, type Tx } from '@/lib/platform/db';

test('an event that holds its transaction until Postgres ends it is given up after six attempts; an outage is no attempt', async () => {
  const world = await createWorld();
  await queueEvents(world, [story().run().event('START', 0)]);
  const own = eq(lineageEvents.customerId, world.customerId);
  const state = async () => {
    const [row] = await db().select().from(lineageEvents).where(own);
    return [row?.status, row?.attempts];
  };
  const work = (hours: number, handle: (tx: Tx) => Promise<unknown>) =>
    workInTransactions(lineageQueue, ({ tx }) => handle(tx).then(() => ({})), {
      clock: () => new Date(Date.now() + hours * 3_600_000),
      where: own,
      lanes: 1,
    });
  const outage = (tx: Tx) => tx.execute(sql`SELECT pg_terminate_backend(pg_backend_pid())`);
  await expect(work(1, outage)).rejects.toThrow();
  expect(await state()).toEqual(['waiting', 0]);
  const idle = async (tx: Tx) => {
    await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = '20ms'`);
    // The process is busy all the while, so that it hears of nothing.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await tx.execute(sql`SELECT 1`);
  };
  for (let hours = 1; hours <= 6; hours++) await work(hours, idle);
  expect(await state()).toEqual(['dead', 6]);
});
