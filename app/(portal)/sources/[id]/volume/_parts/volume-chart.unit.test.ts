import { expect, test } from 'vitest';
import {
  callPoints,
  callSentence,
  callSeries,
  monthPoints,
} from '@/app/(portal)/sources/[id]/volume/_parts/volume-chart';

const calls = [
  { type: 'track', event: 'Order Completed' },
  { type: 'page', event: '' },
] as const;
const days = [
  { day: '2026-03-01', counts: [5, 2], others: 0 },
  { day: '2026-03-02', counts: [1, 0], others: 0 },
];
const daily = { calls: [...calls], days };

test('track calls stand by their name, the others by their type; others only where there are any', () => {
  expect(callSeries(daily).map(({ label }) => label)).toEqual(['Order Completed', 'page']);
  const withOthers = { ...daily, days: [{ day: '2026-03-01', counts: [5, 2], others: 1 }] };
  expect(callSeries(withOthers).map(({ label }) => label)).toEqual(['Order Completed', 'page', 'Others']);
});

test('only today is marked as unfinished', () =>
  expect(callPoints(daily).map(({ label, partial }) => [label, partial])).toEqual([
    ['1 Mar', false],
    ['2 Mar', true],
  ]));

test('the sentence says the sum and the busiest day', () => {
  expect(callSentence(daily)).toBe('8 events, the most on 1 Mar: 7 events.');
  expect(callSentence({ calls: [], days: [{ day: '2026-03-01', counts: [], others: 0 }] })).toBe('0 events.');
});

test('the month adds up under its limit', () =>
  expect(
    monthPoints(
      [
        { day: '2026-03-01', events: 4 },
        { day: '2026-03-02', events: 3 },
      ],
      100,
    ),
  ).toEqual([
    { label: '1 Mar', values: { events: 4 }, limit: 100, partial: false },
    { label: '2 Mar', values: { events: 7 }, limit: 100, partial: true },
  ]));
