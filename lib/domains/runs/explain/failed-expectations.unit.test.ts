import { expect, test } from 'vitest';
import { failedExpectations } from '@/lib/domains/runs/explain/failed-expectations';

const nothing = { expectation: null, column: null, failedRows: null, rows: null };

/** Rows: an entry as some tool writes it, and what is read of it. */
const cases: [entry: unknown, told: object][] = [
  [
    { expectation: 'not_null', column: 'cost_usd', failed_rows: 37, rows: 182_004 },
    { expectation: 'not_null', column: 'cost_usd', failedRows: 37, rows: 182_004 },
  ],
  [
    {
      expectation_config: { expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
      result: { unexpected_count: 3, element_count: 50 },
    },
    { expectation: 'expect_column_values_to_not_be_null', column: 'id', failedRows: 3, rows: 50 },
  ],
  [{ column: 'a' }, { ...nothing, column: 'a' }],
  ['row count above 0', { ...nothing, expectation: 'row count above 0' }],
  [
    { rule: 'unique', failures: 0, total: 10 },
    { ...nothing, expectation: 'unique', failedRows: 0, rows: 10 },
  ],
  [
    { rule: 'unique', failed: 20, total: 10 },
    { ...nothing, expectation: 'unique', failedRows: 20 },
  ],
  [{ rule: 7, failed: '3', rows: -1 }, nothing],
];

test.each(cases)('%j', (entry, told) => expect(failedExpectations([entry])).toEqual([told]));

test('what is no list, and entries that are no objects, tell nothing', () => {
  expect(failedExpectations(null)).toEqual([]);
  expect(failedExpectations({ expectation: 'a' })).toEqual([]);
  expect(failedExpectations([null, 5, ['a'], ''])).toEqual([]);
  expect(failedExpectations(Array.from({ length: 80 }, () => 'a'))).toHaveLength(50);
});
