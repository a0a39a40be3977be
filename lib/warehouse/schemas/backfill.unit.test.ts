/** How older rows are put together into statements, and how a table notes what waits. */
import { expect, test } from 'vitest';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { backfillLabels, partsOf, waitingForDefault } from '@/lib/warehouse/schemas/backfill';

const service = createBigQuery({ projectId: 'p' });
const local = createBigQuery({ projectId: 'p', apiUrl: 'http://127.0.0.1:9' });

test('days go together while they hold half a million rows at most', () => {
  const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day, index) => ({
    day,
    rows: [200_000, 300_000, 1, 900_000][index] ?? 0,
  }));
  expect(partsOf(days)).toEqual([
    { from: '2026-01-01', until: '2026-01-03', rows: 500_000 },
    { from: '2026-01-03', until: '2026-01-04', rows: 1 },
    { from: '2026-01-04', until: '2026-01-05', rows: 900_000 },
  ]);
});

test('a statement spans at most 100 days, whatever lies between', () => {
  const days = ['2026-01-01', '2026-04-10', '2026-04-11', '2029-01-01'].map(day => ({ day, rows: 1 }));
  expect(partsOf(days).map(({ from, until }) => [from, until])).toEqual([
    ['2026-01-01', '2026-04-11'],
    ['2026-04-11', '2026-04-12'],
    ['2029-01-01', '2029-01-02'],
  ]);
  expect(partsOf([])).toEqual([]);
});

test('what waits stands in labels beside those of others, and is taken away as each store understands it', () => {
  const live = { labels: { tier: 'core', 'backfill-a': 'pending' } };
  expect(waitingForDefault(live)).toEqual(['a']);
  const both = { tier: 'core', 'backfill-a': 'pending', 'backfill-b': 'pending' };
  expect(backfillLabels(service, live, ['a', 'b'])).toEqual(both);
  expect(backfillLabels(service, live, [])).toEqual({ tier: 'core', 'backfill-a': null });
  expect(backfillLabels(local, live, [])).toEqual({ tier: 'core' });
});
