import { expect, test } from 'vitest';
import {
  rateWords,
  repositoryStatus,
  unchangedWords,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-words';

const now = new Date('2026-05-04T10:00:00Z');

test('the limit is told with when it begins anew, and is whole again from then on', () => {
  const rate = { limit: 5_000, remaining: 4_812, reset_at: new Date('2026-05-04T10:12:30Z') };
  expect(rateWords(rate, now)).toBe('4,812 of 5,000, resets in 12 min');
  expect(rateWords({ ...rate, reset_at: now }, now)).toBe('5,000 of 5,000');
  expect(rateWords(null, now)).toBe('Not known yet');
});

test('unchanged answers are counted among all, and none is no share', () => {
  expect(unchangedWords(20, 19)).toMatch(/^19 of 20 unchanged \(95\s?%\)$/);
  expect(unchangedWords(0, 0)).toBe('None yet');
});

test('being read is shown before what came of the last time, and being disconnected before both', () => {
  const failing = { state: 'FAILED', is_reading: false, is_connected: true } as const;
  expect(repositoryStatus(failing)).toBe('failing');
  expect(repositoryStatus({ ...failing, is_reading: true })).toBe('reading');
  expect(repositoryStatus({ ...failing, is_connected: false })).toBe('disconnected');
});
