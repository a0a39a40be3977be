/** An instant in a `<time>` element; the present comes from the page, so that server and browser agree. */
import { formatDate, formatInstant, formatRelative } from '@/app/_ui/format';

type Props = {
  /** null: never happened. */
  instant: Date | null;
  /** Needed for the relative mode. */
  now: Date;
  /** relative in lists, absolute on detail pages and for people who chose exact times, date for days. */
  mode?: 'relative' | 'absolute' | 'date';
  /** Shown for null. */
  none?: string;
};

export function Time({ instant, now, mode = 'relative', none = 'Never' }: Props) {
  if (!instant) return <span className="text-muted">{none}</span>;
  const exact = formatInstant(instant);
  const texts = { relative: formatRelative(instant, now), absolute: exact, date: formatDate(instant) };
  return (
    <time dateTime={instant.toISOString()} title={exact} className="whitespace-nowrap">
      {texts[mode]}
    </time>
  );
}
