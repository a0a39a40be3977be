/** How much of a limit is used: the number in words, a bar as decoration, the reset beside it. */
import type { ReactNode } from 'react';
import { formatOf } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { type MeterKind, type MeterState, meterState, meterWords } from '@/app/_ui/meter-state';

type Props = {
  label: string;
  /** null: not measured. */
  used: number | null;
  /** null: no limit, shown without a bar. */
  limit: number | null;
  kind: MeterKind;
  /** Both in words, where they are no counts: "12 MiB of 1.0 GiB". */
  words?: string;
  /** "resets in 5 h 12 min (00:00 UTC)" and the like. */
  note?: ReactNode;
  /** row: label and number on one line; metric: a large number, as on the Overview. */
  size?: 'row' | 'metric';
  href?: string;
};

const wordTone: Partial<Record<MeterState, string>> = {
  warn: 'text-warn',
  full: 'text-warn',
  blocked: 'text-bad',
  over: 'text-bad',
};

export function Meter({ label, used, limit, kind, words, note, size = 'row', href }: Props) {
  const state = meterState(used, limit, kind);
  const number = words ?? formatOf(used, limit);
  const figure = href ? (
    <Link className={size === 'metric' ? 'figure-link' : 'link-quiet'} href={href}>
      {number}
    </Link>
  ) : (
    number
  );
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className={size === 'row' ? 'flex flex-wrap items-baseline justify-between gap-x-3' : 'flex flex-col'}>
        <span className="text-table text-muted">{label}</span>
        <span className={`tabular-nums ${metricClass(size, used)}`}>{figure}</span>
      </div>
      {used !== null && limit !== null && <Bar used={used} limit={limit} state={state} />}
      {(note || wordTone[state]) && (
        <p className="flex flex-wrap gap-x-2 text-meta text-muted">
          {wordTone[state] && (
            <span className={`inline-flex items-center gap-1 font-medium ${wordTone[state]}`}>
              <Icon name={state === 'warn' || state === 'full' ? 'triangle-alert' : 'octagon-x'} size={12} />
              {meterWords[state]}
            </span>
          )}
          {note && <span>{note}</span>}
        </p>
      )}
    </div>
  );
}

function metricClass(size: 'row' | 'metric', used: number | null): string {
  if (size === 'row') return 'text-table font-medium';
  return used === null ? 'text-section text-muted' : 'text-metric font-semibold';
}

function Bar({ used, limit, state }: { used: number; limit: number; state: MeterState }) {
  const share = limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
  return (
    <div className="meter" data-state={state} aria-hidden="true">
      <div className="meter-fill" style={{ width: `${share}%` }} />
      <div className="meter-mark" style={{ left: '80%' }} />
    </div>
  );
}
