'use client';
/** Starts paused. Live, it asks every 3 s how many events came since the page was drawn; they wait until they are asked for. */
import { useRouter } from 'next/navigation';
import { useEffect, useState, useTransition } from 'react';

const everyMs = 3_000;

type Props = {
  /** Answers `{ count, is_more }` of what came after `since`. */
  countHref: string;
  /** The newest event that the page shows, in ISO 8601. */
  since: string;
};
type Answer = { count: number; is_more: boolean };

export function LiveTail({ countHref, since }: Props) {
  const router = useRouter();
  const [isLive, setLive] = useState(false);
  const [arrived, setArrived] = useState<Answer>({ count: 0, is_more: false });
  const [failed, setFailed] = useState(false);
  const [isLoading, startLoading] = useTransition();
  useEffect(() => {
    setArrived({ count: 0, is_more: false });
    if (!isLive) return;
    const end = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(`${countHref}?since=${encodeURIComponent(since)}`, { signal: end.signal });
        if (answer.ok) setArrived((await answer.json()) as Answer);
        setFailed(!answer.ok);
      } catch {
        if (!end.signal.aborted) setFailed(true);
      }
    };
    void ask();
    const timer = setInterval(ask, everyMs);
    return () => {
      clearInterval(timer);
      end.abort();
    };
  }, [isLive, countHref, since]);
  const { count, is_more } = arrived;
  return (
    <div className="flex flex-wrap items-center gap-3 needs-script">
      <button type="button" className="btn btn-plain" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
        {isLive ? 'Pause' : 'Live'}
      </button>
      <span role="status" className="text-table text-muted">
        {!isLive && 'Paused.'}
        {isLive && failed && 'Could not ask for new events. Trying again.'}
        {isLive && !failed && count === 0 && 'No new events so far.'}
        {isLive && !failed && count > 0 && `${count.toLocaleString('en-US')}${is_more ? '+' : ''} waiting.`}
      </span>
      {count > 0 && (
        <button
          type="button"
          className="btn btn-primary"
          aria-disabled={isLoading}
          onClick={() => startLoading(() => router.refresh())}
        >
          Show {count.toLocaleString('en-US')}
          {is_more && '+'} new {count === 1 ? 'event' : 'events'}
        </button>
      )}
    </div>
  );
}
