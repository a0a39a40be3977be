import { expect, test } from 'vitest';
import { formatInstant } from '@/app/_ui/format';
import { formatExact } from '@/app/_ui/times/format-exact';

const now = new Date('2026-11-28T23:05:09Z');

test('an exact local time names its offset, follows summer time and passes midnight', () => {
  expect(formatExact(now, 'Europe/Berlin')).toBe('29 Nov 2026, 00:05:09 UTC+1');
  expect(formatExact(new Date('2026-07-01T22:30:00Z'), 'Europe/Berlin')).toBe('2 Jul 2026, 00:30:00 UTC+2');
  expect(formatExact(now, 'Asia/Kathmandu')).toBe('29 Nov 2026, 04:50:09 UTC+5:45');
  expect(formatExact(now, 'America/New_York')).toBe('28 Nov 2026, 18:05:09 UTC-5');
});

test('in UTC it reads as every exact time, and so does a zone that nobody knows', () => {
  expect(formatExact(now, 'UTC')).toBe(formatInstant(now));
  expect(formatExact(now, 'Moon/Tranquility')).toBe(formatInstant(now));
});
