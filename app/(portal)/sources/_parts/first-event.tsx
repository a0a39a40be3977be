/** Before the first event: what is waited for. After it: when it came, and the way to all of them. */
import { Card } from '@/app/_ui/card';
import { Icon } from '@/app/_ui/icon';
import { Time } from '@/app/_ui/time';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { WaitForEvent } from '@/app/(portal)/sources/_parts/wait-for-event';
import type { SourceView } from '@/lib/domains/events/view';

type Props = { source: SourceView; now: Date };

export function FirstEventCard({ source, now }: Props) {
  const href = sourceHref(source.source_id);
  if (!source.first_event_at)
    return (
      <Card title="First event">
        <p>
          <WaitForEvent />
        </p>
        <p className="text-muted">It shows here once it was taken.</p>
        <noscript>
          <a className="btn btn-plain" href={href}>
            Look again
          </a>
        </noscript>
      </Card>
    );
  return (
    <Card title="First event">
      <p className="flex items-center gap-2">
        <Icon name="circle-check" className="text-ok" />
        <span>
          It came <Time instant={source.first_event_at} now={now} />.
        </span>
      </p>
      <p className="text-muted">
        The last one came <Time instant={source.last_event_at} now={now} />.
      </p>
    </Card>
  );
}
