/** Long work over many items, in turns with what else the process has to do, so that a large batch holds no other request up. */
import { setImmediate } from 'node:timers/promises';

/** Work at a stretch. */
const turnMs = 8;

/** The items in order; between two of them, others get their turn where this work had its. */
export async function* inTurns<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  let startedMs = performance.now();
  for (const item of items) {
    yield item;
    if (performance.now() - startedMs < turnMs) continue;
    await setImmediate();
    startedMs = performance.now();
  }
}
