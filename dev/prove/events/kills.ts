/** Parts killed with -9, one after another, under events: nothing acknowledged is lost, views show nothing twice. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { drained, idsIn, landed, rowsIn } from '@/dev/prove/events/landed';
import type { Sender } from '@/dev/prove/events/sender';
import { type Part, parts, type Stand } from '@/dev/prove/events/stand';
import { check, say } from '@/dev/prove/report';
import { eventTable } from '@/lib/domains/events/transform/names';

const drainMs = 600_000;

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** What was acknowledged must lie in the view once, and in the table of its event; what was not may. */
export async function exactlyOnce(sender: Sender, dataset: string): Promise<void> {
  const took = await drained(drainMs);
  say(`log and spool empty after ${(took / 1_000).toFixed(1)} s`);
  check(took < drainMs, 'what waits is brought to BigQuery by itself');
  const { numbers, rows } = await landed(dataset, 'tracks_view');
  const tables = sender.options.eventNames.map(name => eventTable(name).name);
  const inTables = await idsIn(dataset, tables);
  const { acknowledged, others: answers } = sender;
  const others = [...answers].map(([status, count]) => `${count} × ${status || 'no answer'}`).join(', ');
  say(`${sender.sent} events sent, ${acknowledged.size} acknowledged; other answers: ${others || 'none'}`);
  say(`${rows} rows in tracks_view, ${await rowsIn(dataset, 'tracks')} in tracks`);
  say(`${inTables} ids in the ${tables.length} tables of events`);
  const lost = acknowledged.missingIn(numbers);
  check(acknowledged.size > 0 && lost === 0, `${lost} acknowledged events lost`);
  check(rows === numbers.size, `${rows - numbers.size} duplicates in the view`);
  check(inTables === numbers.size, 'each has its row in the table of its event');
}

/** What sends until it is stopped. */
type Sending = { acknowledged: { size: number }; run: (limit: object) => Promise<void>; stop: () => void };

/** Kills and restarts parts in turn while the sender goes on: so many times, or for so long where that ends before. */
export async function kills(stand: Stand, sender: Sending, times: number, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  const running = sender.run({});
  const killed = new Map<Part, number>();
  const total = () => [...killed.values()].reduce((sum, count) => sum + count, 0);
  while (total() < times && performance.now() < until) {
    for (const part of shuffled(parts)) {
      await sleep(300 + randomInt(1_700));
      stand.kill(part);
      killed.set(part, (killed.get(part) ?? 0) + 1);
      await sleep(randomInt(300));
      await stand.restart(part);
    }
    say(`${total()} kills, ${sender.acknowledged.size} events acknowledged`);
  }
  sender.stop();
  await running;
  say(`killed with -9: ${[...killed].map(([part, count]) => `${part} ${count} times`).join(', ')}`);
}
