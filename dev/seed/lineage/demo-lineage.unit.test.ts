import { expect, test } from 'vitest';
import { demoLineage } from '@/dev/seed/lineage/demo-lineage';
import { rootRunIdOf, runEventInput } from '@/lib/domains/lineage/input';

const now = new Date('2026-03-01T00:20:00Z');
const runs = Object.values(demoLineage).flatMap(({ runsAt }) => runsAt(now));
const read = runs.map(events => events.map(event => runEventInput.parse(event)));

test('every event can be read, each run is one and lies within the last day', () => {
  expect(read.length).toBeGreaterThan(3);
  for (const events of read) {
    expect(new Set(events.map(rootRunIdOf)).size).toBe(1);
    const times = events.map(event => event.eventTime.getTime());
    expect(Math.max(...times)).toBeLessThan(now.getTime());
    expect(Math.min(...times)).toBeGreaterThan(now.getTime() - 86_400_000);
  }
});

test('the last build has a failed test, and what depends on it is aborted', () => {
  const last = read.at(-1) ?? [];
  const ended = (type: string) => last.filter(event => event.eventType === type).map(event => event.job.name);
  expect(ended('FAIL')).toEqual(['shop nightly build', 'test.shop.not_null_customer_orders_customer_id']);
  expect(ended('ABORT')).toEqual(['model.shop.revenue_by_day', 'test.shop.unique_revenue_by_day_day']);
});

test('every job that starts ends, and not before', () => {
  for (const events of read) {
    const byRun = Map.groupBy(events, event => event.run.runId);
    for (const [, [start, end, ...others]] of byRun) {
      expect(others).toEqual([]);
      expect(start?.eventType).toBe('START');
      expect(end?.eventTime.getTime()).toBeGreaterThanOrEqual(start?.eventTime.getTime() ?? Number.NaN);
    }
  }
});
