import { expect, test } from 'vitest';
import { outsideWindow, windowOfDay } from '@/lib/domains/runs/reports/report-window';

const runStart = new Date('2026-11-21T00:00:05Z');
/** Long after the run's window. */
const later = new Date('2027-03-01T00:00:00Z');

test('a window is whole UTC days: one before the run’s day, 31 after it', () =>
  expect(windowOfDay('2026-11-21')).toEqual({
    from: new Date('2026-11-20T00:00:00Z'),
    until: new Date('2026-12-23T00:00:00Z'),
  }));

test.each(['2026-11-20T00:00:00.000Z', '2026-11-20T23:59:58Z', '2026-11-21T12:00:00Z', '2026-12-22T23:59:59.999Z'])(
  '%s is within',
  at => expect(outsideWindow(new Date(at), runStart, later)).toBeNull(),
);

test.each(['2026-11-19T23:59:59.999Z', '2026-12-23T00:00:00.000Z', '2025-12-01T00:00:00Z'])('%s is outside', at =>
  expect(outsideWindow(new Date(at), runStart, later)).toBe(
    'It must be from 2026-11-20 to 2026-12-22 (UTC): the run started on 2026-11-21.',
  ),
);

const now = new Date('2026-11-21T12:30:00Z');
const ahead: [at: string, problem: string | null][] = [
  ['2026-11-22T12:30:00.000Z', null],
  [
    '2026-11-22T12:30:00.001Z',
    'It must be from 2026-11-20 to 2026-11-22T12:30:00.000Z (UTC): the run started on 2026-11-21.',
  ],
];
test.each(ahead)('while the run is young, %s is held against a day ahead of now', (at, problem) =>
  expect(outsideWindow(new Date(at), runStart, now)).toBe(problem),
);
