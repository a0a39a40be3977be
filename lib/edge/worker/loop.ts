/** Work repeated every few seconds, never twice at once; for what is too frequent for a scheduled job. */
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@/lib/platform/log';

export type Loop = {
  /** Waits for the round under way. */
  stop: () => Promise<void>;
};

/** Runs `round` now and `everyMs` after each end; a round that fails is logged and the next one comes as usual. */
export function startLoop(name: string, everyMs: number, round: () => Promise<unknown>): Loop {
  const stopping = new AbortController();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (error) {
        log().warn({ err: error, loop: name }, 'a round of a loop failed');
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
