/** Why reading a repository ended before its end, and how GitHub's answers tell it. */
import { type SyncProblem, syncProblems } from '@/lib/domains/pull-requests/rules';
import { storableStart } from '@/lib/kernel/storable';

const detailSigns = 300;

/** GitHub gave no answer that reading can go on with. Holds words for people, and never a request, as that holds the token. */
export class SyncFailure extends Error {
  readonly problem: SyncProblem;
  /** GitHub's words or ours; empty where the problem's own sentence says all. */
  readonly detail: string;
  /** When GitHub is to be asked again, where it said so. */
  readonly until: Date | null;
  readonly status: number | null;

  constructor(
    problem: SyncProblem,
    { detail = '', until = null, status = null }: { detail?: string; until?: Date | null; status?: number | null } = {},
  ) {
    super(`${syncProblems[problem].title} ${detail}`.trim());
    this.name = 'SyncFailure';
    this.problem = problem;
    this.detail = storableStart(detail, detailSigns);
    this.until = until;
    this.status = status;
  }
}

/** Another process reads the repository now, or it was disconnected: nothing more may be written. */
export class LostLease extends Error {
  constructor() {
    super('another process reads this repository, or it was disconnected');
    this.name = 'LostLease';
  }
}

/** Whoever started the reading wants it to end. */
export class ReadingStopped extends Error {
  constructor() {
    super('the reading of a repository was stopped');
    this.name = 'ReadingStopped';
  }
}

/** The repository has another name now; `githubId` where the answer told it. */
export class RepositoryMoved extends Error {
  readonly githubId: number | null;
  constructor(githubId: number | null) {
    super('the repository has another name');
    this.name = 'RepositoryMoved';
    this.githubId = githubId;
  }
}

const second = 1_000;
const defaultWaitMs = 60 * second;
/** However long GitHub may ask to wait, it is asked again after this. */
const longestWaitMs = 24 * 3_600 * second;

type Headers = Record<string, string | number | undefined>;

/** When GitHub may be asked again: by retry-after, else by the reset of a used up limit, else in a minute. */
export function askAgainAt(headers: Headers, at: Date): Date {
  const now = at.getTime();
  const retryAfter = headers['retry-after'];
  const reset = Number(headers['x-ratelimit-reset']) * second;
  const wanted =
    retryAfter !== undefined
      ? Number.isFinite(Number(retryAfter))
        ? now + Number(retryAfter) * second
        : Date.parse(String(retryAfter))
      : String(headers['x-ratelimit-remaining']) === '0'
        ? reset + second
        : Number.NaN;
  const known = Number.isFinite(wanted) ? wanted : now + defaultWaitMs;
  return new Date(Math.min(Math.max(known, now + second), now + longestWaitMs));
}

const limitWords = /rate limit|abuse detection/i;

function limitOf(status: number, headers: Headers, message: string, at: Date): SyncFailure | null {
  if (status !== 403 && status !== 429) return null;
  const asksToWait = headers['retry-after'] !== undefined;
  const isUsedUp = String(headers['x-ratelimit-remaining']) === '0';
  if (status === 403 && !asksToWait && !isUsedUp && !limitWords.test(message)) return null;
  const problem = isUsedUp && !asksToWait ? 'rate_limited' : 'secondary_limit';
  return new SyncFailure(problem, { status, until: askAgainAt(headers, at) });
}

/** What an answer of 4xx or 5xx means. `message` is GitHub's own. */
export function failureOf(
  { status, headers, message }: { status: number; headers: Headers; message: string },
  at: Date,
): SyncFailure {
  const limit = limitOf(status, headers, message, at);
  if (limit) return limit;
  const of = (problem: SyncProblem) => new SyncFailure(problem, { detail: `GitHub: ${status} ${message}`, status });
  if (status === 401) return of('token_revoked');
  if (status === 403) return of('forbidden');
  if (status === 404 || status === 410 || status === 451) return of('no_access');
  return of(status >= 500 || status === 408 ? 'unavailable' : 'unreadable');
}
