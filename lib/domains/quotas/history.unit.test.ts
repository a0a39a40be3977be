import { expect, test } from 'vitest';
import { fillDays, historyCsv } from '@/lib/domains/quotas/history';
import type { QuotaDay } from '@/lib/domains/quotas/queries';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import { addDays } from '@/lib/platform/clock';

const quota = (over: Partial<Quota> = {}): Quota => ({
  day: '2026-11-21',
  runsToday: 0,
  dailyLimit: 6,
  runsMonth: 0,
  monthlyLimit: null,
  running: 0,
  concurrentLimit: 3,
  warning: false,
  exceeded: false,
  apiCallsToday: 0,
  apiCallsMonth: 0,
  apiCallsMonthLimit: null,
  runsAllowed: true,
  refusalReason: null,
  resetsAt: new Date('2026-11-22T00:00:00Z'),
  monthResetsAt: new Date('2026-12-01T00:00:00Z'),
  asOf: new Date('2026-11-21T02:09:14Z'),
  ...over,
});

const row = (usage_date: string, over: Partial<QuotaDay> = {}): QuotaDay => ({
  usage_date,
  pipelines_run_today: 5,
  pipelines_succeeded_today: 2,
  pipelines_failed_today: 1,
  pipelines_cancelled_today: 1,
  pipelines_refused_today: 3,
  pipelines_run_month: 5,
  concurrent_pipelines_running: 1,
  max_concurrent_reached: 2,
  daily_limit: 6,
  monthly_limit: null,
  concurrent_limit: 3,
  quota_exceeded: false,
  quota_warning_sent: false,
  quota_exceeded_at: null,
  total_api_calls_today: 12,
  total_storage_used_gb: null,
  last_updated: new Date('2026-11-20T10:00:00Z'),
  last_pipeline_started_at: null,
  last_pipeline_completed_at: null,
  ...over,
});

/** The days up to the counter's today. */
const upToToday = (rows: readonly QuotaDay[], counter: Quota, length: number) =>
  fillDays(rows, counter, { from: addDays(counter.day, 1 - length), to: counter.day });

test('a period has every day once, oldest first, and ends today', () => {
  const days = upToToday([], quota(), 30);
  expect(days).toHaveLength(30);
  expect([days[0]?.day, days.at(-1)?.day]).toEqual(['2026-10-23', '2026-11-21']);
  expect(days.filter(day => day.isToday).map(day => day.day)).toEqual(['2026-11-21']);
});

test('a day without a row is not measured, never 0', () => {
  const days = upToToday([row('2026-11-19')], quota(), 7);
  expect(days.map(day => day.use?.runs ?? null)).toEqual([null, null, null, null, 5, null, 0]);
});

test('runs that are neither succeeded, failed nor cancelled are running, so the parts sum to the runs', () => {
  const [day] = upToToday([row('2026-11-21')], quota({ runsToday: 5 }), 1);
  expect(day?.use).toEqual({
    runs: 5,
    succeeded: 2,
    failed: 1,
    cancelled: 1,
    running: 1,
    refused: 3,
    limit: 6,
    mostAtOnce: 2,
  });
});

test('today is 0 before its first run, and not measured while its first run is on its way to BigQuery', () => {
  expect(upToToday([], quota(), 1)[0]?.use).toMatchObject({ runs: 0, limit: 6 });
  expect(upToToday([], quota({ runsToday: 1 }), 1)[0]?.use).toBeNull();
});

test('a period over the turn of a year and a leap day names real days', () => {
  const days = upToToday([], quota({ day: '2028-03-01' }), 3).map(day => day.day);
  expect(days).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  expect(upToToday([], quota({ day: '2027-01-01' }), 2)[0]?.day).toBe('2026-12-31');
});

test('a period that ended before today has no unfinished day', () => {
  const days = fillDays([], quota(), { from: '2026-10-30', to: '2026-11-01' });
  expect(days.map(({ day, isToday, use }) => [day, isToday, use])).toEqual([
    ['2026-10-30', false, null],
    ['2026-10-31', false, null],
    ['2026-11-01', false, null],
  ]);
});

test('the download has a line a day; a day nobody measured has empty cells, not zeros', async () => {
  const use = { runs: 3, succeeded: 2, failed: 1, cancelled: 0, running: 0, refused: 4, limit: 6, mostAtOnce: 2 };
  const lines: string[] = [];
  const days = [
    { day: '2026-11-20', isToday: false, use: null },
    { day: '2026-11-21', isToday: true, use },
  ];
  for await (const line of historyCsv(days)) lines.push(line.trimEnd());
  expect(lines).toEqual([
    'usage_date,runs,succeeded,failed,cancelled,refused,daily_limit,most_at_once',
    '2026-11-20,,,,,,,',
    '2026-11-21,3,2,1,0,4,6,2',
  ]);
});
