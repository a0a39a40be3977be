/** Ends a process in order: stop taking work, finish what is under way within 30 s, exit 0. */
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { log } from '@/lib/platform/log';

const limitMs = 30_000;

/**
 * From now on every HTTP connection of this process ends with its next answer: callers who keep theirs alive and busy
 * would otherwise hold a closed server for ever.
 */
export function endConnectionsWithAnswer(): void {
  subscribe('http.server.request.start', message => {
    (message as { response: ServerResponse }).response.shouldKeepAlive = false;
  });
}

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

/** Left of the 30 s for the last work, once those who wait for answers have had theirs. */
const lastWorkMs = 5_000;

type DrainOptions = {
  limits?: { allMs: number; lastWorkMs: number };
  /** Runs at the signal, for what would keep callers waiting. */
  started?: () => void;
};

/**
 * For a process whose framework handles SIGTERM and SIGINT itself and then calls process.exit, as Next does: that exit
 * waits until `finish` is done, and then is one with 0. `finish` runs when the framework has closed its server, or 25 s
 * after the signal if it has not; after 30 s the process ends with 1. Further signals change nothing.
 */
export function finishBeforeExit(
  finish: () => Promise<void>,
  { limits = { allMs: limitMs, lastWorkMs }, started: atStart = () => {} }: DrainOptions = {},
): void {
  const exit = process.exit.bind(process);
  let ending = false;
  const end = async (inTime: boolean) => {
    if (ending) return;
    ending = true;
    try {
      await finish();
      if (inTime) log().info('drained');
      exit(inTime ? 0 : 1);
    } catch (error) {
      log().error({ err: error }, 'the drain failed');
      exit(1);
    }
  };
  const start = (signal: string) => {
    log().info({ signal }, 'draining');
    endConnectionsWithAnswer();
    atStart();
    setTimeout(() => exit(1), limits.allMs).unref();
    setTimeout(() => {
      log().error('some requests took too long and are cut off');
      void end(false);
    }, limits.allMs - limits.lastWorkMs).unref();
    // Nothing of the caller's runs after an exit, so it must look like one: there is no answer to wait for.
    process.exit = (() => void end(true)) as unknown as typeof process.exit;
  };
  let started = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // First in line, because the framework's own handler may exit at once.
    process.prependListener(signal, () => {
      if (!started) start(signal);
      started = true;
    });
  }
}
