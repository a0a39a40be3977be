import { describe, expect, test } from 'vitest';
import {
  countsPoints,
  countsSentence,
  countsSeries,
  nameHref,
  nameText,
} from '@/app/(portal)/usage/_parts/counts-points';
import { keyNotRecorded, noKey, type RunCounts } from '@/lib/domains/runs/reads/run-counts';

const days = { from: '2026-11-27', to: '2026-11-28' };
const now = new Date('2026-11-28T09:30:00Z');
const counts = (over: Partial<RunCounts> = {}): RunCounts => ({
  state: 'current',
  readAt: now,
  pendingSince: null,
  by: 'pipeline',
  step: 'day',
  total: 12,
  names: ['a', 'b', 'c', 'd', 'e', 'f'].map(name => ({ name, runs: 2, failed: name === 'a' ? 1 : 0 })),
  series: ['a', 'b', 'c', 'd'],
  hasOthers: true,
  parts: [
    { start: new Date('2026-11-27T00:00:00Z'), runs: [1, 1, 1, 1, 2] },
    { start: new Date('2026-11-28T00:00:00Z'), runs: [1, 1, 1, 1, 2] },
  ],
  ...over,
});
const none = new Map<string, string>();
const alone = { before: null, unmeasured: new Set<string>() };

test('at most five series; each of the four leads to its runs of the same days, the others lead nowhere', () => {
  const series = countsSeries(counts(), days, none);
  expect(series.map(({ label }) => label)).toEqual(['a', 'b', 'c', 'd', 'Other (2 pipelines)']);
  expect(series[0]?.href).toBe('/runs?from=2026-11-27&to=2026-11-28&pipeline=a');
  expect(series[4]?.href).toBeUndefined();
});

test('hours lead nowhere: the list of runs knows days', () =>
  expect(countsSeries(counts({ step: 'hour' }), days, none).every(({ href }) => href === undefined)).toBe(true));

test('a fifth outcome has its own name', () => {
  const outcomes = ['COMPLETED', 'FAILED', 'CANCELLED', 'RUNNING', 'PENDING'];
  const read = counts({
    by: 'outcome',
    names: outcomes.map(name => ({ name, runs: 1, failed: 0 })),
    series: outcomes.slice(0, 4),
  });
  expect(countsSeries(read, days, none).map(({ label, color }) => [label, color])).toEqual([
    ['Succeeded', 'ok'],
    ['Failed', 'bad'],
    ['Cancelled', 'neutral'],
    ['Running', '1'],
    ['Queued', '3'],
  ]);
});

describe('keys', () => {
  test('have their name, or the start of their id where it is not known any more', () => {
    expect(nameText('key', 'k-1', new Map([['k-1', 'loader']]))).toBe('loader');
    expect(nameText('key', '0ac33459-1234', none)).toBe('key 0ac33459…');
  });

  test('runs of no key and runs older than the record are told apart, and no list is promised for them', () => {
    expect([noKey, keyNotRecorded].map(name => nameText('key', name, none))).toEqual([
      'No key (people, schedules)',
      'Key not recorded',
    ]);
    expect(nameHref('key', noKey, days)).toBeUndefined();
    expect(nameHref('key', 'k-1', days, true)).toBe('/runs?from=2026-11-27&to=2026-11-28&status=FAILED&key=k-1');
  });
});

test('only the part that runs is unfinished, and each stands beside the one before', () => {
  const before = counts({
    parts: [
      { start: new Date('2026-11-25T00:00:00Z'), runs: [5] },
      { start: new Date('2026-11-26T00:00:00Z'), runs: [0] },
    ],
  });
  expect(
    countsPoints(counts(), { before, unmeasured: new Set(), now }).map(({ label, partial, previous }) => [
      label,
      partial,
      previous,
    ]),
  ).toEqual([
    ['27 Nov', false, { label: '25 Nov', amount: 5 }],
    ['28 Nov', true, { label: '26 Nov', amount: 0 }],
  ]);
  const hours = counts({ step: 'hour', parts: [{ start: new Date('2026-11-28T09:00:00Z'), runs: [1] }] });
  expect(countsPoints(hours, { before: null, unmeasured: new Set(), now })[0]).toMatchObject({
    label: '28 Nov, 09:00',
    partial: true,
  });
});

test('a day without runs that nobody measured is no 0, one with runs is what it is', () => {
  const parts = [
    { start: new Date('2026-11-27T00:00:00Z'), runs: [0] },
    { start: new Date('2026-11-28T00:00:00Z'), runs: [3] },
  ];
  const unmeasured = new Set(['2026-11-27', '2026-11-28']);
  const points = countsPoints(counts({ parts }), { before: null, unmeasured, now });
  expect(points.map(({ values }) => values)).toEqual([null, { part0: 3 }]);
});

test('the sentence counts and compares', () => {
  expect(countsSentence(counts(), alone, days)).toBe('12 runs of 6 pipelines, 1 failed.');
  expect(countsSentence(counts(), { ...alone, before: counts({ total: 10 }) }, days).replaceAll('\u00a0', ' ')).toBe(
    '12 runs of 6 pipelines, 1 failed. +20 % against 25 Nov – 26 Nov 2026 (10 runs).',
  );
  expect(countsSentence(counts({ total: 0, names: [] }), alone, days)).toBe('0 runs, 0 failed.');
  const parts = [{ start: new Date('2026-11-25T00:00:00Z'), runs: [0] }];
  const before = counts({ total: 0, parts });
  expect(countsSentence(counts(), { before, unmeasured: new Set(['2026-11-25']) }, days)).toMatch(/was not measured/);
});
