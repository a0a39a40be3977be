/** Outcomes in time as small marks, drawn on the server: told apart by height and shape, so that they read without colour. */
// biome-ignore-all lint/suspicious/noArrayIndexKey: a mark is its place.

export type Outcome = 'ok' | 'warn' | 'bad' | null;

type Props = {
  /** "Checks by day, 30 days: 20 passed, 2 failed, 8 not measured; last failed 2 days ago". */
  label: string;
  /** Oldest first; null: not measured, a dot. */
  outcomes: readonly Outcome[];
};

const pitchPx = 6;
const markPx = 4;
const heightPx = 20;
const marks = {
  ok: { height: 8, className: 'series-ok' },
  warn: { height: 13, className: 'series-warn' },
  bad: { height: heightPx, className: 'series-bad' },
} as const;

export function OutcomeMarks({ label, outcomes }: Props) {
  const widthPx = outcomes.length * pitchPx;
  return (
    <svg width={widthPx} height={heightPx} viewBox={`0 0 ${widthPx} ${heightPx}`} role="img" aria-label={label}>
      {outcomes.map((outcome, index) => {
        const x = index * pitchPx + 1;
        if (outcome === null)
          return <circle key={index} className="outcome-none" cx={x + 2} cy={heightPx - 1.5} r={1} />;
        const { height, className } = marks[outcome];
        return (
          <rect
            key={index}
            className={`outcome ${className}`}
            x={x}
            y={heightPx - height}
            width={markPx}
            height={height}
            rx={1}
          />
        );
      })}
    </svg>
  );
}
