import { describe, expect, test } from 'vitest';
import { changeText, compareSentence, type PeriodSum, rangeWords } from '@/app/(portal)/_charts/compare';

const runs = (sum: number) => `${sum} runs`;
const whole = (sum: number): PeriodSum => ({ sum, measured: 30, parts: 30 });
const compare = (now: PeriodSum, before: PeriodSum) =>
  compareSentence({ now, before, period: '2 Oct – 31 Oct 2026', amount: runs }).replaceAll('\u00a0', ' ');

test('a range names a year once, unless it has two', () => {
  expect(rangeWords({ from: '2026-10-02', to: '2026-10-31' })).toBe('2 Oct – 31 Oct 2026');
  expect(rangeWords({ from: '2026-12-30', to: '2027-01-01' })).toBe('30 Dec 2026 – 1 Jan 2027');
  expect(rangeWords({ from: '2026-10-02', to: '2026-10-02' })).toBe('2 Oct 2026');
});

test('a change is never rounded to none', () => {
  const text = (now: number, before: number) => changeText(now, before).replaceAll('\u00a0', ' ');
  expect(text(112, 100)).toBe('+12 %');
  expect(text(958, 1_000)).toBe('−4.2 %');
  expect(text(100_001, 100_000)).toBe('+0.1 %');
  expect(text(5_000, 3)).toBe('+166,567 %');
  expect(text(0, 3)).toBe('−100 %');
});

describe('a period against the one before', () => {
  test('both measured whole are compared in percent', () => {
    expect(compare(whole(59), whole(53))).toBe('+11 % against 2 Oct – 31 Oct 2026 (53 runs).');
    expect(compare(whole(53), whole(53))).toBe('The same as in 2 Oct – 31 Oct 2026 (53 runs).');
  });

  test('there is no percentage of nothing', () =>
    expect(compare(whole(59), whole(0))).toBe('Against 2 Oct – 31 Oct 2026 (0 runs).'));

  test('nor where one of them was measured for fewer days, which is told', () => {
    expect(compare({ ...whole(59), measured: 12 }, whole(53))).toBe(
      'Against 2 Oct – 31 Oct 2026 (53 runs); measured were 30 of 30 days then and 12 of 30 now.',
    );
    expect(compare(whole(59), { ...whole(0), measured: 0 })).toBe(
      '2 Oct – 31 Oct 2026 was not measured, so that there is nothing to compare with.',
    );
  });
});
