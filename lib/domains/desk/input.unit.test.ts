/** Numbers of the desk's inputs are numbers, or their digits; nothing else is taken for one. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { deskSettingsInput, historyInput, keyCapInput, queryInput, resultInput } from '@/lib/domains/desk/input';

const mib = 1024 ** 2;

test.each([true, false, '', ' ', [], [5], {}, '5.5', '1e2', '0x10', '9'.repeat(30), 5.5, Number.NaN])(
  '%j is no number of bytes or rows',
  value => {
    expect(deskSettingsInput.safeParse({ bytes_per_day: value }).success).toBe(false);
    expect(deskSettingsInput.safeParse({ max_bytes_per_query: value }).success).toBe(false);
    expect(keyCapInput.safeParse({ api_key_id: 'key_1', max_bytes_per_query: value }).success).toBe(false);
    expect(queryInput.safeParse({ sql: 'SELECT 1', limit: value }).success).toBe(false);
    expect(queryInput.safeParse({ sql: 'SELECT 1', max_bytes_billed: value }).success).toBe(false);
    expect(resultInput.safeParse({ offset: value }).success).toBe(false);
    expect(historyInput.safeParse({ limit: value }).success).toBe(false);
  },
);

test('numbers and their digits are, as forms and addresses send them', () => {
  expect(queryInput.parse({ sql: 'SELECT 1', limit: '50', max_bytes_billed: 20 * mib })).toEqual({
    sql: 'SELECT 1',
    limit: 50,
    max_bytes_billed: 20 * mib,
  });
  expect(queryInput.parse({ sql: 'SELECT 1' })).toEqual({ sql: 'SELECT 1', limit: 1_000 });
  expect(resultInput.parse({ offset: '100' })).toEqual({ offset: 100, limit: 100 });
  expect(deskSettingsInput.parse({ bytes_per_day: '0', max_bytes_per_query: null })).toEqual({
    bytes_per_day: 0,
    max_bytes_per_query: null,
  });
  expect(deskSettingsInput.parse({})).toEqual({});
});

test('clients read of them as whole numbers with their bounds', () => {
  const { properties, required } = z.toJSONSchema(queryInput, { io: 'input' });
  expect(required).toEqual(['sql']);
  expect(properties).toMatchObject({
    limit: { type: 'integer', minimum: 1, maximum: 10_000, default: 1_000 },
    max_bytes_billed: { type: 'integer', minimum: 10 * mib },
  });
});
