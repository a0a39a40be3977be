import { describe, expect, test } from 'vitest';
import { usageView } from '@/app/(portal)/usage/_parts/usage-view';

const now = new Date('2026-11-28T09:30:00Z');
const view = (address: Record<string, string> = {}) => usageView(address, now);

test('an address without choices is the last 30 days by outcome, not compared', () =>
  expect(view()).toMatchObject({
    problem: null,
    by: 'outcome',
    isCompared: false,
    step: 'day',
    length: '30',
    period: 'last 30 days',
    range: { from: '2026-10-30', to: '2026-11-28' },
    from: new Date('2026-10-30T00:00:00Z'),
    until: new Date('2026-11-29T00:00:00Z'),
  }));

test('24 hours end with the hour that runs, and begin 24 hours before', () =>
  expect(view({ days: '24h' })).toMatchObject({
    step: 'hour',
    length: '24h',
    range: { from: '2026-11-27', to: '2026-11-28' },
    from: new Date('2026-11-27T10:00:00Z'),
    until: new Date('2026-11-28T10:00:00Z'),
  }));

test('days that are chosen win over a length', () =>
  expect(view({ days: '24h', from: '2026-09-06', to: '2026-11-04', by: 'key', compare: 'before' })).toMatchObject({
    problem: null,
    by: 'key',
    isCompared: true,
    step: 'day',
    length: null,
    period: '6 Sep – 4 Nov 2026',
  }));

describe('what is wrong is told and kept, and the last 30 days are shown', () => {
  test.each([
    ['days the wrong way round', { from: '2026-11-20', to: '2026-11-01' }, /comes after/],
    ['a day that does not exist', { from: '2026-02-30' }, /no day of the calendar/],
    ['too many days', { from: '2020-01-01' }, /at most 366 days/],
    ['a length that is not offered', { days: '31' }, /not known/],
    ['a breakdown that is not offered', { by: 'colour' }, /not known/],
    ['a breakdown of an object’s own', { by: 'toString' }, /not known/],
  ])('%s', (_, address, problem) =>
    expect(view(address as Record<string, string>)).toMatchObject({
      params: address,
      problem: expect.stringMatching(problem),
      by: 'outcome',
      range: { from: '2026-10-30', to: '2026-11-28' },
      period: 'last 30 days',
    }),
  );
});

test('parameters that the page does not have are dropped', () => expect(view({ q: 'x' }).params).toEqual({}));
