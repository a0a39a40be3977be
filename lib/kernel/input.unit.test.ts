import { expect, test } from 'vitest';
import { instantInput, utcDayInput } from '@/lib/kernel/input';
import { addDays } from '@/lib/platform/clock';

test.each([
  '0000-01-01',
  '0001-01-01',
  '1969-12-31',
  '9999-12-31',
  '10000-01-01',
  '2026-02-30',
  '2026-1-1',
  '',
  'today',
])('a day that a store cannot keep is refused: %j', day =>
  expect(utcDayInput.safeParse(day).error?.issues.map(issue => issue.message)).toEqual([
    'Use a day such as 2026-11-21.',
  ]),
);

test.each(['1970-01-01', '2024-02-29', '9999-12-30'])('%s is a day, and so is the next one', day => {
  expect(utcDayInput.parse(day)).toBe(day);
  expect(utcDayInput.safeParse(day).success && /^\d{4}-/.test(addDays(day, 1))).toBe(true);
});

test.each([
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.000Z',
  '2026-02-30T00:00:00.000Z',
  '2026-11-21T00:00:00.000+02:00',
  '2026-11-21T00:00:00Z',
  '2026-11-21T00:00:00.0000000001Z',
  '2026-11-21T00:00Z',
  '2026-11-21',
])('a cursor of %s is refused', instant => expect(instantInput.safeParse(instant).success).toBe(false));

test('an instant as our own cursors write it is taken', () => {
  const instant = new Date('2026-11-21T02:09:14Z').toISOString();
  expect(instantInput.parse(instant)).toBe(instant);
});
