/** Reads one repository to its end, as an operator asks; waits out what GitHub asks to wait for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { claimRepository, type Held } from '@/lib/domains/pull-requests/sync/lease';
import { readStretch, type Stretch, type StretchOptions } from '@/lib/domains/pull-requests/sync/read-stretch';
import type { Tally } from '@/lib/domains/pull-requests/sync/reading';
import type { Repository } from '@/lib/domains/pull-requests/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';

const stretch = { maxRequests: 200, maxMs: 120_000 };
const busyMs = 1_000;

type Options = {
  clock?: Clock;
  signal: AbortSignal;
  /** note: ends where GitHub asks to wait. sleep: waits and goes on. */
  waits: 'note' | 'sleep';
  onProgress?: StretchOptions['onProgress'];
  /** Told before each wait; null where another process reads the customer's repositories. */
  onWait?: (until: Date | null, why: string) => void;
};

export type Synced = {
  /** stopped: by signal, or disconnected meanwhile. */
  end: 'done' | 'paused' | 'failed' | 'stopped';
  tally: Tally;
  requests: number;
  notModified: number;
  /** As it stands; null where it was disconnected. */
  repository: Repository | null;
};

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** Waits for its turn; null where `signal` ended that, or it is disconnected. */
async function turn(repositoryId: string, options: Options, clock: Clock): Promise<Held | null> {
  for (let waits = 0; !options.signal.aborted; waits++) {
    const held = await claimRepository(repositoryId, clock);
    if (held) return held;
    if (waits === 0)
      options.onWait?.(null, 'Another process reads a repository of this customer, or it was disconnected.');
    await pause(busyMs, options.signal);
  }
  return null;
}

function endOf({ ending, repository }: Stretch): Synced['end'] | 'more' {
  if (!repository) return 'stopped';
  if (ending.kind === 'failed') return repository.state === 'PAUSED' ? 'paused' : 'failed';
  return ending.kind;
}

/** Reads it; answers what was found in all. */
export async function syncRepository(repositoryId: string, options: Options): Promise<Synced> {
  const { clock = systemClock, signal, waits, onProgress } = options;
  const synced: Synced = {
    end: 'stopped',
    tally: { pulls: 0, commits: 0, details: 0, refused: 0 },
    requests: 0,
    notModified: 0,
    repository: null,
  };
  while (!signal.aborted) {
    const held = await turn(repositoryId, options, clock);
    if (!held) break;
    const read = await readStretch(held, { clock, signal, ...stretch, ...(onProgress ? { onProgress } : {}) });
    for (const name of ['pulls', 'commits', 'details', 'refused'] as const) synced.tally[name] += read.tally[name];
    synced.requests += read.usage.requests;
    synced.notModified += read.usage.notModified;
    synced.repository = read.repository;
    const end = endOf(read);
    if (end === 'more') continue;
    synced.end = end;
    const until = read.repository?.nextSyncAt;
    if (end !== 'paused' || waits === 'note' || !until) return synced;
    options.onWait?.(until, read.ending.kind === 'failed' ? read.ending.failure.message : '');
    await pause(Math.max(0, until.getTime() - clock().getTime()), signal);
  }
  return { ...synced, end: 'stopped' };
}
