import { expect, test } from 'vitest';
import {
  daysWords,
  expectationWords,
  failedRowsWords,
  tableHref,
} from '@/app/(portal)/data-quality/_parts/quality-words';

test('the marks’ text counts every kind of day, and when a check failed last', () => {
  expect(daysWords([null, 'PASS', 'FAIL', 'WARNING', null])).toBe(
    'Last 5 days: 1 passed, 1 with warnings, 1 failed, 2 not measured; failed last 2 days ago',
  );
  expect(daysWords(['PASS', 'FAIL'])).toBe('Last 2 days: 1 passed, 1 failed; failed last today');
  expect(daysWords(['PASS', 'PASS'])).toBe('Last 2 days: 2 passed');
});

test('failed rows are a count beside a percent that never rounds to 0', () => {
  expect(failedRowsWords({ failedRows: 37, rows: 182_004 })).toBe('37 of 182,004 rows (0.02\u00a0%)');
  expect(failedRowsWords({ failedRows: 1, rows: 182_004 })).toBe('1 of 182,004 rows (<\u00a00.01\u00a0%)');
  expect(failedRowsWords({ failedRows: 1, rows: null })).toBe('1 row');
  expect(failedRowsWords({ failedRows: null, rows: 9 })).toBeNull();
});

test('an expectation is named with its column', () => {
  expect(expectationWords({ expectation: 'not_null', column: 'a' })).toBe('not_null on a');
  expect(expectationWords({ expectation: 'row_count', column: null })).toBe('row_count');
});

test('any name of a table fits into its address', () =>
  expect(tableHref('a b/ü?&.t')).toBe('/data-quality/table?name=a+b%2F%C3%BC%3F%26.t'));
