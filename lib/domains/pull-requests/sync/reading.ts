/** One stretch of reading a repository: who holds it, whom it asks, what it came to so far. */
import type { Answer, Github } from '@/lib/domains/pull-requests/sync/github-client';
import { type Held, inLease } from '@/lib/domains/pull-requests/sync/lease';
import type { RefusedRow } from '@/lib/domains/pull-requests/sync/read-answers';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { beginEtlRun, noteEtlProgress } from '@/lib/domains/traces/runs/etl-runs';
import type { Clock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';

/** Rows that were new or changed, and rows that could not be read. */
export type Tally = { pulls: number; commits: number; details: number; refused: number };

export type ReadingProgress = {
  repo: string;
  what: 'pulls' | 'commits' | 'details';
  /** Page of a list, or pull requests whose commits and timeline are read. */
  done: number;
  /** Null where GitHub does not tell. */
  all: number | null;
  tally: Tally;
  requests: number;
};

export type Reading = {
  held: Held;
  github: Github;
  clock: Clock;
  tally: Tally;
  /** False once a list of pull requests had no row that says whose it is: another repository may have taken the name. */
  isProven: boolean;
  /** Run on record, once anything was found; it goes on over stretches. */
  etlRunId: number | null;
  /** Requests and instant after which others have their turn. */
  bounds: { requests: number; until: Date };
  onProgress: (progress: ReadingProgress) => void;
};

/** Whether this stretch may ask on; each answer is durable before the next question, so it may end between any two. */
export const mayGoOn = ({ github, bounds, clock }: Reading): boolean =>
  github.usage.requests < bounds.requests && clock() < bounds.until;

/** `/repos/owner/name` as GitHub spells it now. */
export const repositoryPath = ({ held }: Reading): string => `/repos/${held.repository.repoSlug}`;

/** A fresh answer; for questions without an ETag, which are always answered so. */
export async function askFresh(reading: Reading, path: string): Promise<Extract<Answer, { kind: 'fresh' }>> {
  const answer = await reading.github.ask(path);
  if (answer.kind === 'fresh') return answer;
  throw new Error('GitHub answered 304 to a question without an ETag');
}

/** What a write found; `from` is the question that refused rows came from. */
export type Found = { pulls?: number; commits?: number; details?: number; refused?: RefusedRow[]; from: string };

async function noteRun(tx: Tx, reading: Reading, rows: number, refused: readonly RefusedRow[]): Promise<number> {
  const { customerId, repositoryId, repoSlug } = reading.held.repository;
  const at = reading.clock();
  const details = { source: repoSlug, repository_id: repositoryId };
  const id = reading.etlRunId ?? (await beginEtlRun(tx, { customerId, job: 'ingest-github', details, at })).id;
  await noteEtlProgress(tx, id, { rows, refused: refused.length, assumedTimes: 0 }, { at });
  const letters = refused.map(({ index, field, content }) => ({ line: index + 1, code: 'wrong_type', field, content }));
  await recordDeadLetters(tx, { customerId, etlRunId: id, letters, at });
  return id;
}

/** Writes in the lease, and with it what it came to on the run's record. Throws LostLease. */
export async function writeFound<Result extends Found>(
  reading: Reading,
  write: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  let runId = reading.etlRunId;
  const found = await inLease(reading.held, reading.clock, async tx => {
    const written = await write(tx);
    const rows = (written.pulls ?? 0) + (written.commits ?? 0);
    const refused = written.refused ?? [];
    if (rows > 0 || refused.length > 0) runId = await noteRun(tx, reading, rows, refused);
    return written;
  });
  reading.etlRunId = runId;
  for (const name of ['pulls', 'commits', 'details'] as const) reading.tally[name] += found[name] ?? 0;
  reading.tally.refused += found.refused?.length ?? 0;
  return found;
}
