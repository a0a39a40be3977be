/** An instant by the clock of a zone, as server and browser both write it. */
import { formatInstant } from '@/app/_ui/format';

const shown = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'shortOffset',
} as const;

const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

function clockOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { ...shown, timeZone });
  clocks.set(timeZone, made);
  return made;
}

/** "28 Nov 2026, 14:05:09 UTC+1"; without a zone it is the machine's own. A zone that this machine does not know reads UTC. */
export function formatExact(instant: Date, timeZone: string | undefined): string {
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = clockOf(timeZone).formatToParts(instant);
  } catch {
    return formatInstant(instant);
  }
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(found => found.type === type)?.value ?? '';
  const offset = part('timeZoneName').replace('GMT', 'UTC').replace(/\+0$/, '');
  return `${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')}:${part('second')} ${offset}`;
}
