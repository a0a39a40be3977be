/** Sessions with AI and commits of one pull request as rows of the shared timeline. */
import { formatCount, formatInstant, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { TimelineRow } from '@/app/_ui/timeline';
import { lengthOf } from '@/app/_ui/timeline-scale';
import { authorWords, evidenceWords } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { bookCostWords, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { sessionHref, sessionWords } from '@/app/(portal)/traces/_parts/session-links';
import type { PullSession } from '@/lib/domains/pull-requests/usage/pull-sessions';
import type { PullCommit, PullView } from '@/lib/domains/pull-requests/usage/read-pull-request';

type Timed = TimelineRow & { atMs: number };

/** Why the session stands with the pull request, in words. */
export const evidenceOf = ({ evidence }: PullSession): string => evidence.map(kind => evidenceWords[kind]).join('; ');

export const bookWords = ({ book_cost_usd, requests, unpriced }: PullSession): string =>
  bookCostWords({ bookCostUsd: book_cost_usd, requests, unpriced });

const sessionRow = (session: PullSession): Timed => ({
  id: `session-${session.first_hash}`,
  name: sessionWords(session.session_id, session.first_hash),
  status: 'ai_session',
  atMs: session.first_at.getTime(),
  startMs: 0,
  durationMs: session.last_at.getTime() - session.first_at.getTime(),
  note: bookWords(session),
  detail: (
    <>
      <Facts
        facts={[
          ['Evidence', evidenceOf(session)],
          ['First request', formatInstant(session.first_at)],
          ['Developer', nameWords('developer', session.developer_id)],
          ['Model', nameWords('model', session.model)],
          ['Requests', `${formatCount(session.requests)}, ${formatPlural(session.total_tokens, 'token')}`],
        ]}
      />
      <Link className="link" href={sessionHref(session.session_key, session.last_at)}>
        Open session
      </Link>
    </>
  ),
});

const commitRow = (commit: PullCommit): Timed => ({
  id: `commit-${commit.sha}`,
  name: commit.title || commit.sha.slice(0, 12),
  status: commit.dropped_at ? 'commit_dropped' : 'commit',
  atMs: commit.timestamp.getTime(),
  startMs: 0,
  durationMs: 0,
  isInstant: true,
  note: authorWords(commit.author),
  detail: (
    <Facts
      facts={[
        ['Commit', <code key="sha">{commit.sha}</code>],
        ['Time', formatInstant(commit.timestamp)],
        ['Dropped', commit.dropped_at && `by a force-push, found ${formatInstant(commit.dropped_at)}`],
        ['Co-authors', commit.co_authors.length > 0 ? commit.co_authors.join(', ') : null],
      ]}
    />
  ),
});

type PullTimeline = { rows: TimelineRow[]; startsAt: Date; totalMs: number };

/** All of them in the order of time; the first one, or the opening, is the start. */
export function pullRows(pull: PullView, sessions: readonly PullSession[]): PullTimeline {
  const timed = [...sessions.map(sessionRow), ...pull.commits.map(commitRow)];
  const startMs = Math.min(pull.created_at.getTime(), ...timed.map(({ atMs }) => atMs));
  const rows = timed
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ atMs, ...row }) => ({ ...row, startMs: atMs - startMs }));
  // What ends last keeps some room, in which its bar is seen.
  return { rows, startsAt: new Date(startMs), totalMs: lengthOf(rows) * 1.02 };
}
