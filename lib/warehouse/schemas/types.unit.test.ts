/** Which type changes keep every value and are made in place by BigQuery. */
import { describe, expect, test } from 'vitest';
import { canWiden, standardType } from '@/lib/warehouse/schemas/types';

const sized = (text: string) => {
  const [, type = '', precision, scale] = /^(\w+)(?:\((\d+),(\d+)\))?$/.exec(text) ?? [];
  return { type, precision: precision ? Number(precision) : undefined, scale: scale ? Number(scale) : undefined };
};

describe('a type change', () => {
  test.each([
    ['INT64', 'NUMERIC'],
    ['INT64', 'BIGNUMERIC'],
    ['INT64', 'FLOAT64'],
    ['NUMERIC', 'BIGNUMERIC'],
    ['NUMERIC', 'FLOAT64'],
    ['BIGNUMERIC', 'FLOAT64'],
    ['NUMERIC(10,2)', 'NUMERIC'],
    ['NUMERIC(10,2)', 'NUMERIC(12,2)'],
    ['NUMERIC(10,2)', 'NUMERIC(12,4)'],
    ['NUMERIC(10,2)', 'BIGNUMERIC'],
  ])('%s to %s is made in place', (from, to) => {
    expect(canWiden(sized(from), sized(to))).toBe(true);
  });

  test.each([
    ['INT64', 'STRING', 'the local BigQuery takes it, the service refuses'],
    ['INT64', 'NUMERIC(10,2)', 'eight digits do not hold an INT64'],
    ['NUMERIC', 'INT64', 'fractions are lost'],
    ['FLOAT64', 'NUMERIC', 'range is lost'],
    ['NUMERIC', 'NUMERIC(10,2)', 'digits are lost'],
    ['NUMERIC(10,2)', 'NUMERIC(10,4)', 'two whole digits are lost'],
    ['NUMERIC(10,2)', 'NUMERIC(12,1)', 'a decimal is lost'],
    ['STRING', 'INT64', 'not every text is a number'],
    ['STRING', 'JSON', 'not supported in place'],
    ['BOOL', 'INT64', 'not supported in place'],
    ['DATE', 'TIMESTAMP', 'not supported in place'],
    ['TIMESTAMP', 'DATE', 'times are lost'],
    ['BYTES', 'STRING', 'not supported in place'],
  ])('%s to %s is refused: %s', (from, to) => {
    expect(canWiden(sized(from), sized(to))).toBe(false);
  });
});

test.each([
  ['INTEGER', 'INT64'],
  ['FLOAT', 'FLOAT64'],
  ['BOOLEAN', 'BOOL'],
  ['STRING', 'STRING'],
])("the service's %s is known as %s", (answered, name) => {
  expect(standardType(answered)).toBe(name);
});
