/** What happened when, as rows of text with a bar each: steps of a run, spans of a trace, events of a session. */
import type { ReactNode } from 'react';
import { formatDuration } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { type Status, statuses } from '@/app/_ui/status';
import { barOf, lengthOf, type Span, ticksOf } from '@/app/_ui/timeline-scale';

export type TimelineRow = Span & {
  id: string;
  /** Position as readers count it: "3". */
  place?: string;
  name: string;
  status: Status;
  /** How many rows it lies within, and the one next above it by name. */
  depth?: number;
  within?: string;
  /** More about it after its time, such as "182,004 rows". */
  note?: string;
  /** What opens below the row. */
  detail: ReactNode;
  /** It is an instant, such as a commit: how long it took is not said. */
  isInstant?: boolean;
  /** Open from the start. */
  open?: boolean;
};

type Props = {
  /** Names the list for assistive technology. */
  label: string;
  rows: readonly TimelineRow[];
  /** Length of the whole; without it, up to where the last row ends. */
  totalMs?: number;
};

/** "started after 2 min 5 s, took 1 min 40 s". */
function timeWords({ startMs, durationMs, status, isInstant }: TimelineRow): string {
  if (isInstant) return `after ${formatDuration(startMs)}`;
  if (durationMs === null) return status === 'running' ? `started after ${formatDuration(startMs)}` : '';
  const started = startMs < 0 ? 'started before the run' : `started after ${formatDuration(startMs)}`;
  return `${started}, took ${formatDuration(durationMs)}`;
}

export function Timeline({ label, rows, totalMs }: Props) {
  const length = Math.max(1, totalMs ?? 0, totalMs === undefined ? lengthOf(rows) : 0);
  return (
    <div className={`timeline ${rows.some(({ name }) => name.length > longName) ? 'timeline-long' : ''}`}>
      <div className="timeline-axis" aria-hidden="true">
        {ticksOf(length).map(({ atMs, leftPercent }) => (
          <span key={atMs} className="timeline-tick" style={{ left: `${leftPercent}%` }}>
            {formatDuration(atMs)}
          </span>
        ))}
      </div>
      <ol aria-label={label}>
        {rows.map(row => (
          <li key={row.id} id={`row-${row.id}`} className="timeline-row">
            <details open={row.open}>
              <summary className="timeline-line">
                <RowText row={row} />
                <RowBar row={row} totalMs={length} />
              </summary>
              <div className="timeline-detail">{row.detail}</div>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Deeper rows stand no further to the right. */
const maxIndent = 4;
/** Names longer than this get a wider column where there is room. */
const longName = 24;

/** Says all of the row; the bar beside it is for the eye alone. */
function RowText({ row }: { row: TimelineRow }) {
  const { icon, word, tone } = statuses[row.status];
  const within = row.within === undefined ? '' : `within ${row.within}`;
  const words = [word.toLowerCase(), within, timeWords(row), row.note ?? ''].filter(Boolean).join(', ');
  return (
    <span
      className="timeline-text"
      style={row.depth ? { paddingLeft: `${Math.min(row.depth, maxIndent)}rem` } : undefined}
    >
      <Icon name={icon} size={14} className={`shrink-0 text-${tone === 'neutral' ? 'muted' : tone}`} />
      {row.place && (
        <span className="text-muted tabular-nums" aria-hidden="true">
          {row.place}
        </span>
      )}
      <span className="truncate font-medium" title={row.name}>
        {row.name}
      </span>
      <span className="sr-only">, {words}</span>
    </span>
  );
}

function RowBar({ row, totalMs }: { row: TimelineRow; totalMs: number }) {
  const { leftPercent, widthPercent, label } = barOf(row, totalMs);
  const { word, tone } = statuses[row.status];
  const length = row.isInstant ? null : row.durationMs === null ? word : formatDuration(row.durationMs);
  const text = [length, row.note].filter(Boolean).join(' · ');
  const [left, right] = [`${leftPercent}%`, `${100 - leftPercent}%`];
  const place = { after: { left: `${leftPercent + widthPercent}%` }, before: { right }, inside: { left } }[label];
  return (
    <span className="timeline-track" aria-hidden="true">
      {row.durationMs !== null && (
        <span className="timeline-bar" data-tone={tone} style={{ left, width: `${widthPercent}%` }} />
      )}
      <span className="timeline-label" data-place={label} style={place}>
        {text}
      </span>
    </span>
  );
}
