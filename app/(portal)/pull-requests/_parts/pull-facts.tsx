/** What GitHub says of one pull request, and in words why AI is thought to belong to it. */
import { Card } from '@/app/_ui/card';
import { formatInstant, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import {
  authorWords,
  notCause,
  peopleHref,
  pullStatus,
  sessionCount,
} from '@/app/(portal)/pull-requests/_parts/pull-words';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import type { PullSession } from '@/lib/domains/pull-requests/usage/pull-sessions';
import type { PullView } from '@/lib/domains/pull-requests/usage/read-pull-request';

const instant = (value: Date | null): string | null => value && formatInstant(value);

export function PullFacts({ pull }: { pull: PullView }) {
  const branches = [pull.branch, pull.base_branch].filter(Boolean).join(' → ');
  return (
    <Card title="Facts">
      <Facts
        facts={[
          ['State', <StatusBadge key="state" status={pullStatus(pull.state, pull.is_draft)} />],
          ['Author', [authorWords(pull.author), ...pull.author_developers].join(', ')],
          ['Branch', branches ? <code key="branch">{branches}</code> : null],
          ['Opened', instant(pull.created_at)],
          ['Merged', instant(pull.merged_at)],
          ['Closed', pull.merged_at ? null : instant(pull.closed_at)],
          ['Last changed', instant(pull.updated_at)],
          ['Reopened', pull.reopened ? 'Yes' : null],
          ['Merge commit', pull.merge_commit_sha && <code key="merge">{pull.merge_commit_sha.slice(0, 12)}</code>],
        ]}
      />
    </Card>
  );
}

/** The author's own sessions are found by name only, so it is said where nobody is known to be the author. */
function nobodyKnown(pull: PullView, sessions: readonly PullSession[]): boolean {
  const byTime = sessions.some(({ evidence }) => evidence.includes('time'));
  return pull.author !== null && pull.author_developers.length === 0 && !byTime;
}

export function EvidenceCard({ pull, sessions }: { pull: PullView; sessions: readonly PullSession[] }) {
  const count = (kind: 'branch' | 'time') => sessions.filter(({ evidence }) => evidence.includes(kind)).length;
  const [byBranch, byTime] = [count('branch'), count('time')];
  const none = byBranch === 0 && byTime === 0 && pull.co_authors.length === 0;
  return (
    <Card title="Evidence" note={notCause}>
      <ul className="flex list-disc flex-col gap-1 pl-5">
        {byBranch > 0 && (
          <li>
            Branch: {sessionCount(byBranch)} {byBranch === 1 ? 'names' : 'name'} the branch <code>{pull.branch}</code>{' '}
            of this repository.
          </li>
        )}
        {byTime > 0 && (
          <li>
            Time: {sessionCount(byTime)} of the author’s own in this repository, between the day it was opened and{' '}
            {pull.state === 'open' ? 'today' : `the day it was ${pull.state}`}.
          </li>
        )}
        {pull.co_authors.length > 0 && (
          <li className="wrap-anywhere">
            Trailer: its commits name {formatPlural(pull.co_authors.length, 'co-author')}, {pull.co_authors.join(', ')}.
          </li>
        )}
        {none && <li>None: no session and no co-author points to this pull request.</li>}
        {nobodyKnown(pull, sessions) && (
          <li>
            Nobody is known to be {pull.author}: sessions of the author are found once that is said in{' '}
            <Link className="link" href={peopleHref}>
              People
            </Link>
            .
          </li>
        )}
      </ul>
    </Card>
  );
}
