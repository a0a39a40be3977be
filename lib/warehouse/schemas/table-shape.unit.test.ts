/** Rows are checked as BigQuery would hold them, and the types say the same. */
import { expect, expectTypeOf, test } from 'vitest';
import type { CustomerApiKeysRow } from '@/lib/warehouse/rows/customers';
import { type Row, rowSchema, type TableShape } from '@/lib/warehouse/schemas/table-shape';

const every = {
  dataset: 'customers',
  table: 'every',
  primaryKey: ['text'],
  partition: null,
  requirePartitionFilter: false,
  columns: {
    text: { type: 'STRING', mode: 'REQUIRED' },
    count: { type: 'INT64', mode: 'REQUIRED' },
    price: { type: 'NUMERIC', mode: 'NULLABLE' },
    at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
    day: { type: 'DATE', mode: 'NULLABLE' },
    sealed: { type: 'BYTES', mode: 'REQUIRED' },
    more: { type: 'JSON', mode: 'NULLABLE' },
    flag: { type: 'BOOL', mode: 'NULLABLE' },
    tags: { type: 'STRING', mode: 'REPEATED' },
  },
} as const satisfies TableShape;
const schema = rowSchema(every);
const good: Row<typeof every> = {
  text: 'a',
  count: 1,
  price: '10.25',
  at: new Date(0),
  day: '2026-02-28',
  sealed: Buffer.from('x'),
  more: { a: [1] },
  flag: true,
  tags: ['a'],
};

test('a whole row passes unchanged, also with every nullable column null', () => {
  expect(schema.parse(good)).toEqual(good);
  const bare = { ...good, price: null, day: null, more: null, flag: null, tags: [] };
  expect(schema.parse(bare)).toEqual(bare);
});

test.each<[string, object]>([
  ['a null in a required column', { text: null }],
  ['a missing column', { flag: undefined }],
  ['an integer beyond 2^53', { count: 2 ** 53 }],
  ['a fraction in an integer column', { count: 1.5 }],
  ['a number in a decimal column', { price: 10.25 }],
  ['a decimal with an exponent', { price: '1e3' }],
  ['a text in a time column', { at: '2026-01-01T00:00:00Z' }],
  ['an invalid time', { at: new Date(Number.NaN) }],
  ['a day that does not exist', { day: '2026-02-30' }],
  ['text for bytes', { sealed: 'eA==' }],
  ['a null array', { tags: null }],
  ['a null in an array', { tags: [null] }],
  ['a column the table has not', { extra: 1 }],
])('%s is refused', (_, change) => {
  expect(schema.safeParse({ ...good, ...change }).success).toBe(false);
});

test('part of a row can be picked for a query', () => {
  expect(schema.pick({ text: true, count: true }).parse({ text: 'a', count: 2 })).toEqual({ text: 'a', count: 2 });
});

test('generated row types name the JavaScript type of each column', () => {
  expectTypeOf<CustomerApiKeysRow['created_at']>().toEqualTypeOf<Date>();
  expectTypeOf<CustomerApiKeysRow['expires_at']>().toEqualTypeOf<Date | null>();
  expectTypeOf<CustomerApiKeysRow['scopes']>().toEqualTypeOf<string[]>();
  expectTypeOf<CustomerApiKeysRow['encrypted_api_key']>().toEqualTypeOf<Buffer>();
});
