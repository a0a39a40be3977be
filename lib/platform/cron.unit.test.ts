import { describe, expect, test } from 'vitest';
import { cronProblem, cronWords, isZone, lastTick, ticksAfter } from '@/lib/platform/cron';

const five = 5;
const ticks = (cron: string, zone: string, after: string, count: number): string[] =>
  ticksAfter(cron, zone, new Date(after), count).map(at => at.toISOString().slice(0, 16));

describe('which expressions are taken', () => {
  test.each([
    '*/5 * * * *',
    '0-59/5 * * * *',
    '0 2 * * *',
    '30 6 * * MON-FRI',
    '0 0 * JAN,JUL 7',
    '0 0 1 * 1',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 0 * * 5L',
    '0 0 * * 1#2',
    '0 0 ? * 1',
    '59 0,23 * * *',
  ])('%s is taken', cron => {
    expect(cronProblem(cron, five)).toBeNull();
    expect(cronWords(cron)).not.toBe('');
  });

  test.each([
    ['0 0 2 * * *', 'six fields'],
    ['@daily', 'five fields'],
    ['* * * *', 'five fields'],
    ['', 'five fields'],
    ['* * * * *', 'more often than every 5 minutes'],
    ['*/4 * * * *', 'more often than every 5 minutes'],
    // 56 to 00 are four minutes.
    ['*/7 * * * *', 'more often than every 5 minutes'],
    ['0,3 * * * *', 'more often than every 5 minutes'],
    ['2,58 * * * *', 'more often than every 5 minutes'],
    ['2,58 0,23 * * *', 'more often than every 5 minutes'],
    ['0 0 30 2 *', 'never comes true'],
    ['0 0 31 4,6,9,11 *', 'never comes true'],
    ['60 * * * *', 'not a cron expression'],
    ['0 24 * * *', 'not a cron expression'],
    ['0 0 0 * *', 'not a cron expression'],
    ['0 22-2 * * *', 'not a cron expression'],
    ['H * * * *', 'not a cron expression'],
    ['? * * * *', 'not a cron expression'],
    ['0 0 15W * *', 'not a cron expression'],
    ['0 0 * * FOO', 'not a cron expression'],
    ['-5 * * * *', 'not a cron expression'],
    ['0 0 * * __proto__', 'not a cron expression'],
  ])('%s is refused: %s', (cron, reason) => {
    expect(cronProblem(cron, five)).toContain(reason);
  });

  test('the closest two times of a day decide, not those of different hours', () => {
    expect(cronProblem('2,58 8 * * *', five)).toBeNull();
    expect(cronProblem('58 23 * * *', five)).toBeNull();
    expect(cronProblem('0 * * * *', 61)).toContain('more often than every 61 minutes');
  });

  test('an expression is judged in milliseconds however seldom it comes true', () => {
    cronProblem('0 0 29 2 *', five);
    const startMs = performance.now();
    for (let at = 0; at < 20; at++) cronProblem('0 0 29 2 *', five);
    expect((performance.now() - startMs) / 20).toBeLessThan(50);
  });
});

test.each([
  ['Europe/Berlin', true],
  ['Asia/Kathmandu', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['europe/berlin', false],
  ['+02:00', false],
  ['', false],
])('the zone %s is known: %s', (name, known) => {
  expect(isZone(name)).toBe(known);
});

test.each([
  ['0 2 * * *', 'Every day at 02:00'],
  ['30 6 1 * *', 'On day 1 of the month at 06:30'],
  ['0 9 * * 1-5', 'Monday through Friday at 09:00'],
  ['*/30 * * * *', 'Every 30 minutes'],
  // Every 45 minutes would be untrue: it comes at :00 and :45.
  ['*/45 * * * *', 'At 0 and 45 minutes past the hour'],
  ['5 */7 * * *', 'Every day at 00:05, 07:05, 14:05 and 21:05'],
  ['*/90 * * * *', 'Every hour'],
])('%s says “%s”', (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

describe('a daily time comes once each day, whatever the clocks do', () => {
  test.each([
    // The clock goes from 02:00 to 03:00, so that 02:30 comes as 03:30; and from 03:00 back to 02:00, 02:30 twice.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:30', '2026-03-30T00:30']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:30', '2026-03-09T06:30']],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    // Half an hour: from 02:00 to 02:30, and from 02:00 back to 01:30.
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', ['2026-10-03T15:45', '2026-10-04T15:15']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', ['2026-04-04T14:45', '2026-04-05T15:15']],
    // 45 minutes off, and no clock is ever set.
    ['30 2 * * *', 'Asia/Kathmandu', '2026-03-28T12:00Z', ['2026-03-28T20:45', '2026-03-29T20:45']],
    // The island left 30 December 2011 out.
    ['0 12 * * *', 'Pacific/Apia', '2011-12-29T00:00Z', ['2011-12-29T22:00', '2011-12-30T22:00']],
  ])('%s in %s after %s', (cron, zone, after, expected) => {
    expect(ticks(cron, zone, after, 2)).toEqual(expected);
  });

  test('where the moment asked from lies within a repeated or left out hour', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:15Z', 1)).toEqual(['2026-10-26T01:30']);
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-03-29T01:15Z', 1)).toEqual(['2026-03-29T01:30']);
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-03-29T01:30Z', 1)).toEqual(['2026-03-30T00:30']);
  });

  test('a left out time that falls on another one of the schedule is that one', () => {
    expect(ticks('30 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
  });
});

describe('a schedule of each hour follows the clock through its changes', () => {
  const gaps = (cron: string, zone: string, after: string): number[] => {
    const found = ticksAfter(cron, zone, new Date(after), 60);
    return [...new Set(found.slice(1).map((tick, at) => (tick.getTime() - Number(found[at])) / 60_000))];
  };
  test.each([
    ['*/30 * * * *', 'Europe/Berlin', '2026-03-28T20:00Z', [30]],
    ['*/30 * * * *', 'Europe/Berlin', '2026-10-24T20:00Z', [30]],
    ['*/15 * * * *', 'Australia/Lord_Howe', '2026-04-04T10:00Z', [15]],
    ['*/15 * * * *', 'Australia/Lord_Howe', '2026-10-03T10:00Z', [15]],
    ['*/5 * * * *', 'America/New_York', '2026-11-01T04:00Z', [5]],
    ['0 * * * *', 'Europe/Berlin', '2026-10-24T12:00Z', [60]],
    ['0 * * * *', 'Asia/Kathmandu', '2026-10-24T12:00Z', [60]],
  ])('%s in %s from %s on comes every %s minutes', (cron, zone, after, expected) => {
    expect(gaps(cron, zone, after)).toEqual(expected);
  });
});

describe('the last tick', () => {
  const last = (cron: string, after: string, until: string) =>
    lastTick(cron, 'Europe/Berlin', new Date(after), new Date(until))?.toISOString().slice(0, 16) ?? null;
  test('is the latest of many, its own instant counts as the end and not as the beginning', () => {
    expect(last('*/5 * * * *', '2026-01-01T00:00Z', '2026-03-01T00:04Z')).toBe('2026-03-01T00:00');
    expect(last('0 2 * * *', '2026-01-01T00:00Z', '2026-01-02T01:00Z')).toBe('2026-01-02T01:00');
    expect(last('0 2 * * *', '2026-01-02T01:00Z', '2026-01-03T00:00Z')).toBeNull();
    expect(last('0 0 29 2 *', '2020-01-01T00:00Z', '2027-01-01T00:00Z')).toBe('2024-02-28T23:00');
  });
});

test('over a year, each zone has one tick of a daily schedule a day, and lastTick finds each', () => {
  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Santiago',
  ]) {
    for (const cron of ['30 2 * * *', '15 2 * * *', '0 0 * * *', '45 1 * * *']) {
      const days = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
      const found = ticksAfter(cron, zone, new Date('2025-12-31T12:00Z'), 365);
      expect(new Set(found.map(tick => days.format(tick))).size, `${cron} ${zone}`).toBe(365);
      for (const tick of found) {
        expect(lastTick(cron, zone, new Date(tick.getTime() - 3_600_000), new Date(tick.getTime() + 60_000))).toEqual(
          tick,
        );
      }
    }
  }
});
