/** Parts killed with -9, one after another, under events: nothing acknowledged is lost, views show nothing twice. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { drained, idsIn } from '@/dev/prove/events/landed';
import type { Sender } from '@/dev/prove/events/sender';
import { type Part, parts, type Stand } from '@/dev/prove/events/stand';
import { check, say } from '@/dev/prove/report';

const drainMs = 600_000;

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** What was acknowledged must lie in the view once; what was not may. */
export async function exactlyOnce(sender: Sender, dataset: string): Promise<void> {
  const took = await drained(drainMs);
  say(`log and spool empty after ${(took / 1_000).toFixed(1)} s`);
  check(took < drainMs, 'what waits is brought to BigQuery by itself');
  const seen = new Set<string>();
  let twice = 0;
  for (const id of await idsIn(dataset, 'tracks_view')) seen.has(id) ? twice++ : seen.add(id);
  const lost = sender.acknowledged.filter(id => !seen.has(id));
  const stored = (await idsIn(dataset, 'tracks')).length;
  const others = [...sender.others].map(([status, count]) => `${count} × ${status || 'no answer'}`).join(', ');
  say(`${sender.sent} events sent, ${sender.acknowledged.length} acknowledged; other answers: ${others || 'none'}`);
  say(`${seen.size} ids in tracks_view, ${stored} rows in tracks`);
  check(sender.acknowledged.length > 0 && lost.length === 0, `${lost.length} acknowledged events lost`);
  check(twice === 0, `${twice} duplicates in the view`);
}

/** Kills and restarts parts in turn while the sender goes on. */
export async function kills(stand: Stand, sender: Sender, times: number): Promise<void> {
  const running = sender.run({});
  const killed = new Map<Part, number>();
  while ([...killed.values()].reduce((sum, count) => sum + count, 0) < times) {
    for (const part of shuffled(parts)) {
      await sleep(300 + randomInt(1_700));
      stand.kill(part);
      killed.set(part, (killed.get(part) ?? 0) + 1);
      await sleep(randomInt(300));
      await stand.restart(part);
    }
  }
  sender.stop();
  await running;
  say(`killed with -9: ${[...killed].map(([part, count]) => `${part} ${count} times`).join(', ')}`);
}
