/** A process for the tests that consumes the log until it is killed; says each round that took something. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bodiesConsumer } from '@/dev/testing/ingest/bodies-consumer';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const consumer = bodiesConsumer();
for (;;) {
  const { entries } = await consumeOnce(consumer);
  if (entries > 0) process.stdout.write(`${entries}\n`);
  else await sleep(1);
}
