/** What GitHub's headers and rows mean, of any form. */
import { expect, test } from 'vitest';
import { movedTo, nextPageOf } from '@/lib/domains/pull-requests/sync/github-client';
import { coAuthorsOf, commitAnswer, pullAnswer, readRows } from '@/lib/domains/pull-requests/sync/read-answers';
import { askAgainAt, failureOf } from '@/lib/domains/pull-requests/sync/sync-failure';

const at = new Date('2026-03-01T10:00:00Z');
const seconds = (headers: Record<string, string>) => (askAgainAt(headers, at).getTime() - at.getTime()) / 1_000;
const epoch = (later: number) => String(at.getTime() / 1_000 + later);

test('the wait is retry-after, else the reset of a used up limit, else a minute; never nothing and never over a day', () => {
  expect(seconds({ 'retry-after': '7', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(900) })).toBe(7);
  expect(seconds({ 'retry-after': 'Sun, 01 Mar 2026 10:02:00 GMT' })).toBe(120);
  expect(seconds({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(900) })).toBe(901);
  expect(seconds({ 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': epoch(900) })).toBe(60);
  expect(seconds({ 'x-ratelimit-remaining': '0' })).toBe(60);
  expect(seconds({ 'retry-after': 'soon' })).toBe(60);
  expect(seconds({ 'retry-after': '-5' })).toBe(1);
  expect(seconds({ 'retry-after': '99999999' })).toBe(86_400);
});

test('each status has its problem, and 403 is a limit only where it says so', () => {
  const problem = (status: number, message = '', headers = {}) => failureOf({ status, message, headers }, at).problem;
  expect([401, 403, 404, 410, 451, 422, 500, 502, 503, 408].map(status => problem(status))).toEqual([
    'token_revoked',
    'forbidden',
    'no_access',
    'no_access',
    'no_access',
    'unreadable',
    ...Array(4).fill('unavailable'),
  ]);
  expect(problem(403, 'You have exceeded a secondary rate limit.')).toBe('secondary_limit');
  expect(problem(403, '', { 'x-ratelimit-remaining': '0' })).toBe('rate_limited');
  expect(problem(429)).toBe('secondary_limit');
});

test('the next page is the one of rel="next"; a redirect is followed on the same origin only', () => {
  expect(nextPageOf('<https://x.test/a?page=9>; rel="last", <https://x.test/a?per_page=100&page=3>; rel="next"')).toBe(
    3,
  );
  expect(nextPageOf('<https://x.test/a?page=1>; rel="first"')).toBeNull();
  expect(nextPageOf(undefined)).toBeNull();
  expect(() => nextPageOf('<https://x.test/a?after=abc>; rel="next"')).toThrow('names no page');
  expect(movedTo('https://api.test/repositories/42/pulls?page=2', 'https://api.test').githubId).toBe(42);
  expect(movedTo('/api/v3/repositories/42', 'https://ghe.test/api/v3').githubId).toBe(42);
  for (const elsewhere of [
    'https://evil.test/repositories/42',
    '//evil.test/repositories/42',
    'http://api.test/x',
    undefined,
  ])
    expect(() => movedTo(elsewhere === undefined ? 'http://' : elsewhere, 'https://api.test')).toThrow('another host');
});

test('co-authors are those of trailers, once, whatever their case', () => {
  const message =
    'Fix\n\nCo-authored-by: Ada <ada@example.com>\r\nco-Authored-By:  Claude <noreply@anthropic.com>\nCo-authored-by: Ada <ada@example.com>\nnot Co-authored-by: Eve <e@example.com>';
  expect(coAuthorsOf(message)).toEqual(['Ada <ada@example.com>', 'Claude <noreply@anthropic.com>']);
});

test('rows without an account, a head or a message are read; what cannot be read is named by its place', () => {
  const commit = {
    sha: 'a'.repeat(40),
    author: {},
    commit: { message: '', author: null, committer: { date: '1931-01-01T00:00:00Z' } },
  };
  expect(readRows(commitAnswer, [commit]).rows).toMatchObject([{ author: null, timestamp: new Date(0), title: '' }]);
  const undated = { ...commit, commit: { message: 'x', author: null, committer: null } };
  expect(readRows(commitAnswer, [commit, undated]).refused).toMatchObject([{ index: 1, field: 'commit.author.date' }]);
  expect(() => readRows(pullAnswer, [null, 7])).toThrow('not understood');
  expect(() => readRows(pullAnswer, { message: 'no list' })).toThrow('not understood');
});
