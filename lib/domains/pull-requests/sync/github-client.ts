/** GitHub by Octokit: one question at a time, conditional where its ETag is known. */
import { Octokit } from '@octokit/core';
import { failureOf, ReadingStopped, RepositoryMoved, SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import type { Clock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import type { Secret } from '@/lib/platform/log';

const timeoutMs = 30_000;
const apiVersion = '2022-11-28';

export type Answer =
  | { kind: 'unchanged' }
  | {
      kind: 'fresh';
      data: unknown;
      etag: string | null;
      lastModified: string | null;
      /** Page that the Link header calls next; null on the last one. */
      nextPage: number | null;
    };

/** What was asked so far, and the token's limit as GitHub last told it. */
export type Usage = {
  requests: number;
  notModified: number;
  limit: number | null;
  remaining: number | null;
  resetAt: Date | null;
};

export type Github = {
  usage: Usage;
  /** `path` with its query, from the base on. Throws SyncFailure, RepositoryMoved and ReadingStopped. */
  ask: (path: string, etag?: string | null) => Promise<Answer>;
};

type Headers = Record<string, string | number | undefined>;
type Failed = { status?: number; message?: string; response?: { headers?: Headers; data?: unknown } };

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The page in `<…?page=2>; rel="next"`. Throws SyncFailure unreadable where it names none. */
export function nextPageOf(link: unknown): number | null {
  const next = /<([^>]+)>;\s*rel="?next"?/i.exec(String(link ?? ''))?.[1];
  if (next === undefined) return null;
  const page = Number(URL.canParse(next) ? new URL(next).searchParams.get('page') : Number.NaN);
  if (Number.isSafeInteger(page) && page > 1) return page;
  throw new SyncFailure('unreadable', { detail: 'The address of the next page names no page.' });
}

/** Where a redirect leads: followed on the same origin only, and only for GitHub's own id of the repository. */
export function movedTo(location: unknown, baseUrl: string): RepositoryMoved {
  const target = URL.canParse(String(location), baseUrl) ? new URL(String(location), baseUrl) : null;
  if (target?.origin !== new URL(baseUrl).origin)
    throw new SyncFailure('unreadable', { detail: 'GitHub redirected to another host, which is not asked.' });
  const id = /\/repositories\/(\d{1,15})(?:\/|$)/.exec(target.pathname)?.[1];
  return new RepositoryMoved(id === undefined ? null : Number(id));
}

function noteLimit(usage: Usage, headers: Headers): void {
  const number = (name: string) => {
    const value = Number(headers[name] ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const reset = number('x-ratelimit-reset');
  usage.limit = number('x-ratelimit-limit') ?? usage.limit;
  usage.remaining = number('x-ratelimit-remaining') ?? usage.remaining;
  if (reset !== null && reset > 0 && reset < 4e9) usage.resetAt = new Date(reset * 1_000);
}

const wordsOf = ({ response }: Failed): string => {
  const message = (response?.data as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : '';
};

/** The client of one reading. No error of it holds the token. */
export function openGithub({ token, clock, signal }: { token: Secret; clock: Clock; signal: AbortSignal }): Github {
  const baseUrl = env().GITHUB_API_URL.replace(/\/$/, '');
  const usage: Usage = { requests: 0, notModified: 0, limit: null, remaining: null, resetAt: null };
  const bounded: typeof fetch = (address, init) =>
    fetch(address, { ...init, signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]) });
  const octokit = new Octokit({
    auth: token.reveal(),
    baseUrl,
    userAgent: 'tenantry',
    log: silent,
    request: { fetch: bounded, redirect: 'manual', log: silent },
  });

  const failed = (error: unknown): Answer => {
    if (signal.aborted) throw new ReadingStopped();
    const { status, response, message } = error as Failed;
    if (!response?.headers || status === undefined)
      throw new SyncFailure('unavailable', { detail: String(message).replaceAll(token.reveal(), '[secret]') });
    noteLimit(usage, response.headers);
    if (status === 304) {
      usage.notModified++;
      return { kind: 'unchanged' };
    }
    throw failureOf({ status, headers: response.headers, message: wordsOf(error as Failed) }, clock());
  };

  const ask = async (path: string, etag: string | null = null): Promise<Answer> => {
    if (signal.aborted) throw new ReadingStopped();
    usage.requests++;
    const headers = { 'x-github-api-version': apiVersion, ...(etag === null ? {} : { 'if-none-match': etag }) };
    const answered = await octokit.request({ method: 'GET', url: path, headers }).catch(failed);
    if ('kind' in answered) return answered;
    const { status, data } = answered as { status: number; data: unknown };
    const got: Headers = answered.headers;
    noteLimit(usage, got);
    if (status >= 300) throw movedTo(got.location, baseUrl);
    // Octokit answers a body that was cut off, or is no JSON, as text.
    if (typeof data !== 'object' || data === null)
      throw new SyncFailure('unavailable', { detail: 'The answer was cut off, or was no JSON.', status });
    return {
      kind: 'fresh',
      data,
      etag: got.etag === undefined ? null : String(got.etag),
      lastModified: got['last-modified'] === undefined ? null : String(got['last-modified']),
      nextPage: nextPageOf(got.link),
    };
  };
  return { usage, ask };
}
