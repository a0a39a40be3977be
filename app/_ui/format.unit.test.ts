import { describe, expect, test } from 'vitest';
import * as format from '@/app/_ui/format';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const now = new Date('2026-11-21T02:09:14.500Z');

describe('durations keep their two largest units', () => {
  test.each([
    [0, '0 s'],
    [-5, '0 s'],
    [0.012, '< 1 ms'],
    [18.7, '18 ms'],
    [999.9, '999 ms'],
    [1_000, '1 s'],
    [1_250, '1.2 s'],
    [9_950, '9.9 s'],
    [12_400, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [100_000, '1 min 40 s'],
    [18_720_000, '5 h 12 min'],
    [3_600_000 + 5_000, '1 h'],
    [273_600_000, '3 d 4 h'],
    [null, '–'],
  ])('%s ms is %s', (durationMs, text) => {
    expect(plain(format.formatDuration(durationMs))).toBe(text);
  });
});

test('the parts of a duration do not break across lines', () => {
  expect(format.formatDuration(100_000)).toBe('1\u00a0min\u00a040\u00a0s');
});

describe('percentages are rounded down and never hide what exists', () => {
  test.each([
    [99, 100, 0, '99 %'],
    [999, 1000, 0, '99 %'],
    [100, 100, 0, '100 %'],
    [37, 182_004, 2, '0.02 %'],
    [1, 182_004, 2, '< 0.01 %'],
    [1, 1000, 0, '< 1 %'],
    [0, 10, 0, '0 %'],
    [29, 100, 2, '29.00 %'],
    [0, 0, 0, '–'],
  ])('%s of %s with %s decimals is %s', (part, whole, decimals, text) => {
    expect(plain(format.formatPercent(part, whole, decimals))).toBe(text);
  });
});

describe('relative times', () => {
  test.each([
    ['2026-11-21T02:09:00Z', 'just now'],
    ['2026-11-21T02:03:14Z', '6 min ago'],
    ['2026-11-21T00:09:00Z', '2 h ago'],
    ['2026-11-20T02:00:00Z', '1 day ago'],
    ['2026-10-22T02:00:00Z', '30 days ago'],
    ['2026-10-12T02:00:00Z', '12 Oct 2026'],
    ['2026-11-21T02:09:40Z', 'in less than a minute'],
    ['2026-11-21T07:21:30Z', 'in 5 h'],
    ['2026-11-25T12:00:00Z', 'in 4 days'],
    ['2027-03-01T00:00:00Z', '1 Mar 2027'],
  ])('%s reads %s', (instant, text) => {
    expect(format.formatRelative(instant, now)).toBe(text);
  });
});

test('absolute times name UTC whatever the machine’s zone', () => {
  expect(format.formatInstant(now)).toBe('21 Nov 2026, 02:09:14 UTC');
  expect(format.formatClock(now)).toBe('02:09:14 UTC');
  expect(format.formatDate('2026-11-01')).toBe('1 Nov 2026');
  expect(format.formatDay('2026-11-01')).toBe('1 Nov');
});

test('an instant by the clock of a zone names its weekday and follows summer time', () => {
  expect(format.formatZoned(now, 'Europe/Berlin')).toBe('Sat 21 Nov 2026, 03:09');
  expect(format.formatZoned(new Date('2026-07-01T22:30:00Z'), 'Europe/Berlin')).toBe('Thu 2 Jul 2026, 00:30');
  expect(format.formatZoned(now, 'UTC')).toBe('Sat 21 Nov 2026, 02:09');
});

test('none, unknown and zero are told apart', () => {
  expect(format.formatCount(null)).toBe('–');
  expect(format.formatCount(0)).toBe('0');
  expect(format.formatCount(182_004)).toBe('182,004');
  expect(format.formatOf(null, 6)).toBe('not measured');
  expect(format.formatOf(0, 6)).toBe('0 of 6');
  expect(format.formatOf(61, null)).toBe('61 (no limit)');
});

test('money has cents on invoices and none on plans', () => {
  expect(format.formatUsd(19_900)).toBe('$199.00');
  expect(format.formatUsd(19_900, { cents: false })).toBe('$199');
});

test('words agree with their number', () => {
  expect(format.formatPlural(1, 'run')).toBe('1 run');
  expect(format.formatPlural(0, 'run')).toBe('0 runs');
  expect(format.formatPlural(2, 'entry', 'entries')).toBe('2 entries');
  expect(format.formatList(['Mia'])).toBe('Mia');
  expect(format.formatList(['Mia', 'Jo', 'Ed'])).toBe('Mia, Jo and Ed');
});
