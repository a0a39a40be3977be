/** Ends a process in order: stop taking work, finish what is under way within 30 s, exit 0. */
import { log } from '@/lib/platform/log';

const limitMs = 30_000;

/**
 * On the first SIGTERM or SIGINT runs `close`, which stops taking work and answers when the rest is done, then exits
 * with 0; after 30 s with 1. A second signal exits at once with 1.
 */
export function drainOnSignal(close: () => Promise<void>): void {
  let draining = false;
  const drain = async (signal: string) => {
    if (draining) process.exit(1);
    draining = true;
    log().info({ signal }, 'draining');
    setTimeout(() => {
      log().error('the drain took longer than 30 s; what was left is picked up by the next process');
      process.exit(1);
    }, limitMs).unref();
    try {
      await close();
      log().info('drained');
      process.exit(0);
    } catch (error) {
      log().error({ err: error }, 'the drain failed');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void drain(signal));
}
