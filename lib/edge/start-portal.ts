/** What the portal's process does once at its start and its end. */
import { flushLastUsed } from '@/lib/domains/api-keys/last-used';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { EnvironmentError, env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';

/** Checks the environment (exit 1 with every problem) and writes counts kept in memory when the process is told to stop. */
export function startPortal(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const flush = () => {
    Promise.all([flushLastUsed(), flushUsage()]).catch(error =>
      log().error({ err: error }, 'the last counts were not written'),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, flush);
}
