/** A process for the tests that works through the inbox of Stripe's events until it is killed; says when it begins. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { db } from '@/lib/platform/db';

await db().execute('SELECT 1');
process.stdout.write('begins\n');
for (;;) {
  await processDue();
  await sleep(20);
}
