/** Gallery: what happened when. */
import { Card } from '@/app/_ui/card';
import { type Mark, Marks } from '@/app/_ui/marks';
import { Timeline, type TimelineRow } from '@/app/_ui/timeline';

const rows: TimelineRow[] = [
  { place: '3', name: 'load_costs', status: 'failed', startMs: 125_000, durationMs: 100_000, note: '2 attempts' },
  { place: '1', name: 'check_quota', status: 'succeeded', startMs: 0, durationMs: 200 },
  { place: '2', name: 'extract', status: 'succeeded', startMs: 200, durationMs: 124_000, note: '182,004 rows' },
  {
    place: '4',
    name: 'a_step_with_a_long_name_that_nobody_reads_to_its_very_end',
    status: 'running',
    startMs: 130_000,
    durationMs: 40_000,
  },
  { place: '5', name: 'publish', status: 'skipped', startMs: 225_000, durationMs: null },
].map(row => ({ ...row, id: row.name, detail: <p>Everything about {row.name}.</p> }) as TimelineRow);

const marks = (now: Date): Mark[] =>
  Array.from({ length: 10 }, (_, index) => ({
    id: String(index),
    status: index % 4 === 3 ? 'failed' : index === 5 ? 'warning' : 'succeeded',
    at: new Date(now.getTime() - (10 - index) * 3_600_000),
    href: `/gallery?run=${index}`,
    current: index === 9,
  }));

export function TimelineSection({ now }: { now: Date }) {
  return (
    <Card title="Timeline">
      <Timeline label="Steps" rows={rows} totalMs={252_000} />
      <Marks label="Last 10 results" marks={marks(now)} />
    </Card>
  );
}
