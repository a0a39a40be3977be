/** BigQuery gone for minutes under events: senders notice nothing, and what waited lands afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backlog } from '@/dev/prove/events/landed';
import type { Sender } from '@/dev/prove/events/sender';
import type { Stand } from '@/dev/prove/events/stand';
import { check, say } from '@/dev/prove/report';

/** Takes BigQuery away for `minutes` while the sender goes on. */
export async function outage(stand: Stand, sender: Sender, minutes: number): Promise<void> {
  const running = sender.run({});
  await sleep(5_000);
  stand.kill('bigquery');
  const before = sender.acknowledged.size;
  await sleep(minutes * 60_000);
  const meanwhile = sender.acknowledged.size - before;
  const { chunks, rows } = await backlog();
  say(`${minutes} min without BigQuery: ${meanwhile} events acknowledged, ${rows} rows wait in ${chunks} chunks`);
  const wanted = minutes * 60 * sender.options.eventsPerSecond * 0.95;
  check(meanwhile >= wanted && sender.others.size === 0, 'senders notice nothing');
  await stand.restart('bigquery');
  await sleep(5_000);
  sender.stop();
  await running;
}
