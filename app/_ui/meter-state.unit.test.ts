import { describe, expect, test } from 'vitest';
import { type MeterKind, type MeterState, meterState } from '@/app/_ui/meter-state';

const cases: [number | null, number | null, MeterKind, MeterState][] = [
  [4, 6, 'refuse', 'ok'],
  [5, 6, 'refuse', 'warn'],
  [6, 6, 'refuse', 'blocked'],
  [7, 6, 'refuse', 'over'],
  [19, 25, 'refuse', 'ok'],
  [20, 25, 'refuse', 'warn'],
  [79, 100, 'refuse', 'ok'],
  [80, 100, 'refuse', 'warn'],
  [99, 100, 'refuse', 'warn'],
  [1, 2, 'hold', 'ok'],
  [2, 2, 'hold', 'full'],
  [2, 3, 'hold', 'ok'],
  [3, 3, 'hold', 'full'],
  [8, 11, 'hold', 'ok'],
  [9, 11, 'hold', 'warn'],
  [7, 10, 'hold', 'ok'],
  [8, 10, 'hold', 'warn'],
  [4, 2, 'hold', 'over'],
  [0, 0, 'refuse', 'blocked'],
  [null, 6, 'refuse', 'unmeasured'],
  [61, null, 'refuse', 'unlimited'],
];

describe('a meter warns at four fifths and is red only where something is refused or over', () => {
  test.each(cases)('%s of %s (%s) is %s', (used, limit, kind, state) => {
    expect(meterState(used, limit, kind)).toBe(state);
  });
});
