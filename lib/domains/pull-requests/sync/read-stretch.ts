/** Reads a repository that is held, until all is read, its bounds are met or GitHub ends it. */

import { type EndedReading, type Ending, endReading, runningRun } from '@/lib/domains/pull-requests/sync/end-reading';
import { openGithub, type Usage } from '@/lib/domains/pull-requests/sync/github-client';
import { findAgain, identify, proveName } from '@/lib/domains/pull-requests/sync/identify';
import { type Held, inLease } from '@/lib/domains/pull-requests/sync/lease';
import { commitList, pullList } from '@/lib/domains/pull-requests/sync/lists';
import { readDetails } from '@/lib/domains/pull-requests/sync/read-details';
import type { Reading, ReadingProgress, Tally } from '@/lib/domains/pull-requests/sync/reading';
import { LostLease, ReadingStopped, RepositoryMoved, SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { noteToken, tokenOf } from '@/lib/domains/pull-requests/sync/token';
import { walkList } from '@/lib/domains/pull-requests/sync/walk-list';
import type { Repository } from '@/lib/domains/pull-requests/tables';
import type { Clock } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Renames that one stretch follows. */
const maxMoves = 3;

export type StretchOptions = {
  clock: Clock;
  signal: AbortSignal;
  /** Questions and time after which other repositories have their turn. */
  maxRequests: number;
  maxMs: number;
  onProgress?: (progress: ReadingProgress) => void;
};

export type Stretch = {
  ending: Ending;
  tally: Tally;
  usage: Usage /** Null where the lease was lost. */;
  repository: Repository | null;
};

/** Lists first, so that all pull requests are there early; then their commits. Answers whether all is read. */
async function readEverything(reading: Reading): Promise<boolean> {
  await identify(reading);
  if (!(await walkList(reading, pullList))) return false;
  if (!reading.isProven) await proveName(reading);
  return (await walkList(reading, commitList)) && (await readDetails(reading));
}

async function followMoves(reading: Reading): Promise<boolean> {
  for (let moves = 0; ; moves++) {
    try {
      return await readEverything(reading);
    } catch (error) {
      if (!(error instanceof RepositoryMoved) || moves === maxMoves) throw error;
      await findAgain(reading, error);
    }
  }
}

/** What an error of the reading means for the repository. Throws LostLease. */
function endingOf(error: unknown, { repository }: Held): Ending {
  if (error instanceof LostLease) throw error;
  if (error instanceof ReadingStopped) return { kind: 'more' };
  if (error instanceof SyncFailure) return { kind: 'failed', failure: error };
  if (error instanceof RepositoryMoved)
    return {
      kind: 'failed',
      failure: new SyncFailure('unreadable', { detail: 'GitHub names it anew time and again.' }),
    };
  log().warn({ err: error, repository_id: repository.repositoryId }, 'a repository could not be read');
  const detail = error instanceof AppError ? error.message : 'Reading failed on our side.';
  return { kind: 'failed', failure: new SyncFailure('unavailable', { detail }) };
}

const nothingAsked = (): Usage => ({ requests: 0, notModified: 0, limit: null, remaining: null, resetAt: null });

/** Reads and writes the end. Throws LostLease only in that its answer has no repository. */
export async function readStretch(held: Held, options: StretchOptions): Promise<Stretch> {
  const { clock, signal, maxRequests, maxMs, onProgress = () => undefined } = options;
  const tally: Tally = { pulls: 0, commits: 0, details: 0, refused: 0 };
  const ended: EndedReading = { held, usage: nothingAsked(), tally, etlRunId: null, clock };
  const bounds = { requests: maxRequests, until: new Date(clock().getTime() + maxMs) };
  let reading: Reading | undefined;
  const read = async (): Promise<Ending> => {
    try {
      ended.etlRunId = await inLease(held, clock, tx => runningRun(tx, held.repository));
      const token = await tokenOf(held);
      await noteToken(held, token, clock);
      const github = openGithub({ token, clock, signal });
      ended.usage = github.usage;
      reading = { held, github, clock, tally, etlRunId: ended.etlRunId, bounds, onProgress, isProven: true };
      return { kind: (await followMoves(reading)) ? 'done' : 'more' };
    } catch (error) {
      return endingOf(error, held);
    }
  };
  try {
    const ending = await read();
    ended.etlRunId = reading?.etlRunId ?? ended.etlRunId;
    return { ending, tally, usage: ended.usage, repository: await endReading(ended, ending) };
  } catch (error) {
    if (!(error instanceof LostLease)) throw error;
    return { ending: { kind: 'more' }, tally, usage: ended.usage, repository: null };
  }
}
