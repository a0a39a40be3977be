/** What is surplus is refused before zod is asked, names at most 20 fields, and leaves free JSON to its own bounds. */
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { parseInput } from '@/lib/kernel/input';
import { storableJson, storableJsonList } from '@/lib/kernel/storable';
import { AppError } from '@/lib/platform/errors';
import { parseJson } from '@/lib/platform/exact-json';

const many = (count: number, value: unknown = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));

function refusal(schema: z.ZodType, value: unknown): AppError {
  try {
    parseInput(schema, value);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('it was taken');
}

const item = z.strictObject({ id: z.string(), metadata: storableJson(32_768).optional() });
const schema = z.strictObject({
  name: z.string(),
  items: z.array(item).max(500).optional(),
  scopes: z.array(z.string()).max(3, 'A scope is named more than once.').optional(),
  parameters: storableJson(32_768).optional().meta({ description: 'free' }),
  failed: storableJsonList(1_000).default([]),
  either: z.union([z.string(), z.strictObject({ a: z.string() })]).optional(),
});

const surplus: [what: string, value: unknown, path: string, message: RegExp][] = [
  ['1,001 unknown fields', { name: 'a', ...many(1_001) }, '', /More than 1000 fields here are not known/],
  ['as many in an item', { name: 'a', items: [{ id: 'a', ...many(1_001) }] }, 'items.0', /not known/],
  ['as many in one side of a union', { name: 'a', either: many(1_001) }, '', /not known/],
  ['a list beyond its bound', { name: 'a', items: Array(501).fill(0) }, 'items', /Use at most 500 entries/],
  [
    'a list whose bound has words of its own',
    { name: 'a', scopes: Array(9_000).fill('x') },
    'scopes',
    /named more than/,
  ],
  ['free JSON of too many bytes', { name: 'a', parameters: many(9_000) }, 'parameters', /larger than 32768 bytes/],
  ['a free list of too many bytes', { name: 'a', failed: Array(1_001).fill(0) }, 'failed', /larger than 1000 bytes/],
];
test.each(surplus)('%s: refused before the schema is asked', (what, value, path, message) => {
  const asked = vi.spyOn(schema, 'safeParse');
  const { code, fields } = refusal(schema, value);
  expect([code, asked.mock.calls.length]).toEqual(['invalid_input', 0]);
  asked.mockRestore();
  expect(fields).toHaveLength(1);
  if (!what.includes('union')) expect(fields?.[0]?.path).toBe(path);
  expect(fields?.[0]?.message).toMatch(message);
});

test('names in free JSON are the caller’s own, as many as fit its bytes', () => {
  const value = { name: 'a', parameters: many(2_500), items: [{ id: 'a', metadata: many(2_500) }] };
  expect(parseInput(schema, value)).toEqual({ ...value, failed: [] });
});

test('of 1,000 unknown fields 20 are named, and how many are not', () => {
  const { message, fields } = refusal(schema, { name: 'a', ...many(1_000) });
  expect(message).toBe('1000 fields are not valid. 20 are named, and 980 more are not.');
  expect(fields).toHaveLength(20);
});

test('a name or text of a megabyte is not sent back', () => {
  const { message, fields } = refusal(schema, { name: 'a', ['x'.repeat(1_000_000)]: 1 });
  expect(message.length + JSON.stringify(fields).length).toBeLessThan(2_000);
});

test('whole numbers of 64 bits keep their digits in free JSON, larger ones are refused with their path', () => {
  const text = (number: string) => `{"name":"a","parameters":{"deep":[{"n":${number}}]}}`;
  for (const number of ['9007199254740993', '9223372036854775807', '-9223372036854775808', '1e+30'])
    expect(JSON.stringify(parseInput(schema, parseJson(text(number), 'kept')))).toBe(
      text(number).replace(/}$/, ',"failed":[]}'),
    );
  for (const number of ['9223372036854775808', '-9223372036854775809', '1'.repeat(400)]) {
    const { fields } = refusal(schema, parseJson(text(number), 'kept'));
    expect(fields).toEqual([{ path: 'parameters.deep.0.n', message: expect.stringMatching(/does not fit 64 bits/) }]);
  }
});

test('a field that is a number is told that it is too large, however many digits were sent', () => {
  const counted = z.strictObject({ rows: z.int() });
  const { fields } = refusal(counted, parseJson('{"rows":9007199254740993}'));
  expect(fields?.[0]).toMatchObject({ path: 'rows', message: expect.stringContaining('at most 9007199254740991') });
});
