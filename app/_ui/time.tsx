/** An instant in a `<time>` element; the present comes from the page, so that server and browser agree. The rest is times/attach-times.ts. */
import { formatDate, formatInstant, formatRelative } from '@/app/_ui/format';
import { formatExact } from '@/app/_ui/times/format-exact';
import { shownTimes } from '@/lib/edge/portal/shown-times';

type Props = {
  /** null: never happened. */
  instant: Date | null;
  /** Needed for the relative mode. */
  now: Date;
  /** relative in lists, absolute on detail pages and for people who chose exact times, date for days (UTC). */
  mode?: 'relative' | 'absolute' | 'date';
  /** Shown for null. */
  none?: string;
};

export function Time({ instant, now, mode = 'relative', none = 'Never' }: Props) {
  if (!instant) return <span className="text-muted">{none}</span>;
  const { local, zone } = shownTimes();
  const texts = {
    relative: () => formatRelative(instant, now),
    absolute: () => (local ? formatExact(instant, zone ?? 'UTC') : formatInstant(instant)),
    date: () => formatDate(instant),
  };
  return (
    <time
      dateTime={instant.toISOString()}
      title={formatInstant(instant)}
      className="whitespace-nowrap"
      data-zone={zone ?? undefined}
      // Only the browser knows its zone: it writes the text anew.
      data-local={(mode === 'absolute' && local && !zone) || undefined}
      suppressHydrationWarning
    >
      {texts[mode]()}
    </time>
  );
}

/** An instant that is a fact of its own, as on the page of one thing. */
export const exactly = (at: Date) => <Time instant={at} now={at} mode="absolute" />;
