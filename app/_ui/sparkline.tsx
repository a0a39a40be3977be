/** A trend without axes, drawn on the server; its name says what it shows, since the line alone cannot. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

type Props = {
  /** "Runs in the last 14 days, from 3 to 6 a day". */
  label: string;
  /** null: not measured, a gap in the line. */
  values: readonly (number | null)[];
  color?: '1' | '2' | '3' | '4' | '5' | 'ok' | 'bad';
  widthPx?: number;
  heightPx?: number;
};

export function Sparkline({ label, values, color = '1', widthPx = 96, heightPx = 24 }: Props) {
  const measured = values.filter(value => value !== null);
  if (measured.length === 0) return <span className="text-muted">not measured</span>;
  const x = scaleLinear([0, values.length - 1], [1, widthPx - 1]);
  const y = scaleLinear([Math.min(0, ...measured), Math.max(1, ...measured)], [heightPx - 2, 2]);
  const path = line<number | null>()
    .defined(value => value !== null)
    .x((_, index) => x(index))
    .y(value => y(value ?? 0))(values);
  return (
    <svg width={widthPx} height={heightPx} role="img" aria-label={label}>
      <path d={path ?? ''} className={`sparkline series-${color}`} />
    </svg>
  );
}
