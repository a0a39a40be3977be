/** Before the first event: what is waited for. After it: which came last, and what became of it. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { WaitForEvent } from '@/app/(portal)/sources/[id]/_parts/wait-for-event';
import { eventStatus } from '@/app/(portal)/sources/[id]/events/_parts/event-status';
import { eventName } from '@/app/(portal)/sources/[id]/events/_parts/event-words';
import type { SourceView, TailItem } from '@/lib/domains/events/view';

/** `latest` is null where no receipt is kept any more. */
type Props = { source: SourceView; latest: TailItem | null; now: Date };

export function FirstEventCard({ source, latest, now }: Props) {
  const href = sourceHref(source.source_id);
  if (!source.first_event_at && !latest) return <Waiting href={href} />;
  return (
    <Card title="Events">
      {latest && (
        <p className="flex flex-wrap items-center gap-2">
          <strong className="wrap-anywhere">{eventName(latest)}</strong>
          <StatusBadge status={eventStatus(latest)} />
          <Time instant={latest.received_at} now={now} />
        </p>
      )}
      <p className="text-muted">
        First event: <Time instant={source.first_event_at} now={now} none="none was taken yet" />. Last event:{' '}
        <Time instant={source.last_event_at} now={now} none="none" />.
      </p>
      <div>
        <LinkButton href={hrefWith(`${href}/events`, { message: latest?.message_id }, {})}>
          {latest ? 'See what became of it' : 'See events'}
        </LinkButton>
      </div>
    </Card>
  );
}

function Waiting({ href }: { href: string }) {
  return (
    <Card title="Events">
      <p>
        <WaitForEvent />
      </p>
      <p className="text-muted">
        It shows here once it came, and under{' '}
        <Link className="link" href={`${href}/events`}>
          Events
        </Link>{' '}
        with what became of it.
      </p>
      <noscript>
        <a className="btn btn-plain" href={href}>
          Look again
        </a>
      </noscript>
    </Card>
  );
}
