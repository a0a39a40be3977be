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

/** Reports that are no list of entries themselves. */
const reports: [report: unknown, told: object[]][] = [
  [{ expectation: 'a' }, [{ ...nothing, expectation: 'a' }]],
  [
    {
      success: false,
      results: [
        { success: true, expectation_type: 'a' },
        { success: false, expectation_type: 'b' },
      ],
    },
    [{ ...nothing, expectation: 'b' }],
  ],
  [
    {
      assertions: [
        { assertion: 'not_null', name: 'd8748376', column: 'id', actual: '3', expected: '0', success: false },
        { assertion: 'row_count', name: 'd8748377', severity: 'warn', actual: '3', expected: '5', success: false },
      ],
    },
    [
      {
        ...nothing,
        expectation: 'not_null',
        column: 'id',
        failedRows: 3,
        assertion: { name: 'd8748376', actual: '3', expected: '0' },
      },
      {
        ...nothing,
        expectation: 'row_count',
        assertion: { name: 'd8748377', severity: 'warn', actual: '3', expected: '5' },
      },
    ],
  ],
  [
    { not_null: 37, unique: { column: 'id' } },
    [
      { ...nothing, expectation: 'not_null', failedRows: 37 },
      { ...nothing, expectation: 'unique', column: 'id' },
    ],
  ],
  [{}, []],
];

test.each(reports)('%j is read', (report, told) => expect(failedExpectations(report)).toEqual(told));

test('what tells nothing is left out, and what is very much is cut', () => {
  expect(failedExpectations(null)).toEqual([]);
  expect(failedExpectations(7)).toEqual([]);
  expect(failedExpectations([null, 5, ['a'], ''])).toEqual([]);
  expect(failedExpectations(Array.from({ length: 80 }, () => 'a'))).toHaveLength(50);
});
