/** What is said of a job that failed by an assertion. */
import { expect, test } from 'vitest';
import { errorOf } from '@/lib/domains/lineage/apply/error-of';

const failedBy = (value: object) => {
  const assertion = { at: '2026-01-31T02:00:00.000Z', type: 'FAIL' as const, run: 'run', skipped: false };
  const assertions = [{ ...assertion, value: { success: false, ...value } }];
  return errorOf({ facets: {}, assertions: [{ namespace: 'bigquery', name: 'shop.orders', assertions }] });
};

test('an assertion is told by its name, its column, and what was found', () => {
  expect(failedBy({ name: 'orders_unique', assertion: 'unique', column: 'id', actual: '3' })).toBe(
    'orders_unique on id failed, found 3',
  );
  expect(failedBy({ assertion: 'not_null', column: 'id', expected: '0', actual: '1' })).toBe(
    'not_null on id failed, expected 0, found 1',
  );
  expect(failedBy({})).toBe('an assertion failed');
});

test('where its name is only an id, it is told by what it asserts', () => {
  const name = 'd8748376-22e8-440f-9661-dcba5d23aac2';
  expect(failedBy({ name, assertion: 'expect_column_values_to_not_be_null', column: 'customer_id', actual: '1' })).toBe(
    'expect_column_values_to_not_be_null on customer_id failed, found 1',
  );
  expect(failedBy({ name })).toBe(`${name} failed`);
});
