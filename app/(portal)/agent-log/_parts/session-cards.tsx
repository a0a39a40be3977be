/** What one session came to, and what failed in it. */
import { Card } from '@/app/_ui/card';
import { formatCount, formatDollars, formatDuration, formatInstant, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Figure } from '@/app/(portal)/_charts/figure';
import { eventName, type ShownEvent } from '@/app/(portal)/agent-log/_parts/event-rows';
import { bytesWords } from '@/app/(portal)/agent-log/_parts/log-words';
import type { ListedSession } from '@/lib/domains/agent-log/sessions/list-sessions';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

export function SessionFigures({ session }: { session: ListedSession }) {
  const { first_at, last_at, commit_hash, repo_url } = session;
  return (
    <section className="card grid gap-x-8 gap-y-5 p-4 sm:grid-cols-2 lg:grid-cols-3" aria-label="Figures">
      <Figure
        label="Failed"
        value={formatCount(session.failures + session.errors)}
        note={`${formatCount(session.failures)} of ${formatPlural(session.tool_calls, 'tool call')}, ${formatPlural(session.errors, 'error')}`}
      />
      <Figure
        label="Events"
        value={formatCount(session.events)}
        note={`${formatPlural(session.messages, 'message')}, within ${formatDuration(last_at.getTime() - first_at.getTime())}`}
      />
      <Figure label="Tokens" value={formatCount(session.tokens)} />
      <Figure
        label="Cost estimate"
        value={session.cost_usd === null ? '–' : formatDollars(session.cost_usd)}
        note={
          session.cost_usd === null ? 'no event says a cost' : 'as its sender estimated it; of spans by your prices'
        }
      />
      <Figure label="Bytes billed" value={bytesWords(session.bytes_billed)} note="by queries that its tools ran" />
      <Figure
        label="Users"
        value={formatCount(session.users)}
        note={
          <span className="wrap-anywhere">{session.users > 1 ? `${session.user_id} and others` : session.user_id}</span>
        }
      />
      <p className="text-table text-muted sm:col-span-2 lg:col-span-3">
        From {formatInstant(first_at)} to {formatInstant(last_at)}.
        {repo_url && !commit_hash && (
          <>
            {' '}
            Worked on <span className="wrap-anywhere">{repo_url.replace(/^https?:\/\//, '')}</span>.
          </>
        )}
        {commit_hash && repo_url && (
          <>
            {' '}
            Worked on{' '}
            <Link
              className="link wrap-anywhere"
              href={`/agent-log/snapshots?${new URLSearchParams({ q: commit_hash })}`}
            >
              {repo_url.replace(/^https?:\/\//, '')} at {commit_hash.slice(0, 12)}
            </Link>
            .
          </>
        )}
      </p>
    </section>
  );
}

/** Failures of the page first; each leads to its row below. */
export function FailuresCard({ failures }: { failures: readonly ShownEvent[] }) {
  if (failures.length === 0) return null;
  return (
    <Card title="What failed">
      <ul className="flex flex-col gap-2">
        {failures.map(({ event }) => (
          <li key={event.event_id} className="wrap-anywhere">
            <a className="link font-medium" href={`#row-${event.event_id}`}>
              {eventName(event)}
            </a>
            : {event.error_message ? maskSecrets(event.error_message) : 'no message was sent'}
          </li>
        ))}
      </ul>
    </Card>
  );
}
