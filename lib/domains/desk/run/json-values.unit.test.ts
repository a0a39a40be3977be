/** Whatever a cell holds, JSON says it exactly or says that it is cut. */
import { expect, test } from 'vitest';
import { cellSigns, columnsOf, cutRow, jsonRows } from '@/lib/domains/desk/run/json-values';
import type { CellSchema } from '@/lib/platform/bigquery/bigquery-values';

const one = (type: string, v: unknown, more: Partial<CellSchema> = {}) =>
  jsonRows([{ name: 'c', type, ...more }], [{ f: [{ v }] }])[0]?.c;

const cases: [sentence: string, type: string, cell: unknown, value: unknown][] = [
  ['a whole number', 'INTEGER', '42', 42],
  ['the largest whole number that JSON has', 'INT64', '9007199254740991', 9_007_199_254_740_991],
  ['one beyond it, as text', 'INTEGER', '9007199254740993', '9007199254740993'],
  ['the least 64 bits, as text', 'INTEGER', '-9223372036854775808', '-9223372036854775808'],
  ['a float', 'FLOAT', '1e+300', 1e300],
  ['a small float', 'FLOAT64', '0.1', 0.1],
  ['no number, as text', 'FLOAT', 'NaN', 'NaN'],
  ['a local store’s word for it', 'FLOAT', 'nan', 'NaN'],
  ['infinity, as text', 'FLOAT', 'Infinity', 'Infinity'],
  ['its negative', 'FLOAT', '-inf', '-Infinity'],
  ['a decimal, as text without its zeros', 'NUMERIC', '1.500000000', '1.5'],
  ['a whole decimal', 'NUMERIC', '10', '10'],
  [
    'a decimal of 76 digits',
    'BIGNUMERIC',
    `${'9'.repeat(38)}.${'1'.repeat(38)}`,
    `${'9'.repeat(38)}.${'1'.repeat(38)}`,
  ],
  ['truth', 'BOOLEAN', 'true', true],
  ['its opposite', 'BOOL', 'false', false],
  ['bytes, as base64', 'BYTES', 'YWJj', 'YWJj'],
  ['an instant of microseconds', 'TIMESTAMP', '1769860800123456', '2026-01-31T12:00:00.123456Z'],
  ['a whole second', 'TIMESTAMP', '1769860800000000', '2026-01-31T12:00:00Z'],
  ['an instant before 1970', 'TIMESTAMP', '-1', '1969-12-31T23:59:59.999999Z'],
  ['the first instant that BigQuery knows', 'TIMESTAMP', '-62135596800000000', '0001-01-01T00:00:00Z'],
  ['the last one', 'TIMESTAMP', '253402300799999999', '9999-12-31T23:59:59.999999Z'],
  ['a day', 'DATE', '2026-01-31', '2026-01-31'],
  ['a time without a zone', 'DATETIME', '2026-01-31T12:00:00', '2026-01-31T12:00:00'],
  ['JSON', 'JSON', '{"a":[1,null]}', { a: [1, null] }],
  ['JSON of null', 'JSON', 'null', null],
  ['a long number in JSON, as text', 'JSON', '{"a":[12345678901234567]}', { a: ['12345678901234567'] }],
  ['what is no JSON, as it is', 'JSON', '{', '{'],
  ['nothing', 'STRING', null, null],
  ['an empty text', 'STRING', '', ''],
  ['a type that is not known', 'GEOGRAPHY', 'POINT(1 2)', 'POINT(1 2)'],
];
test.each(cases)('%s', (_, type, cell, value) => expect(one(type, cell)).toEqual(value));

test('lists, structs and lists of structs keep their form; a name that comes twice is numbered', () => {
  const fields = [
    { name: 'x', type: 'INTEGER' },
    { name: 'x', type: 'STRING' },
  ];
  const struct = { f: [{ v: '1' }, { v: 'a' }] };
  expect(one('INTEGER', [{ v: '1' }, { v: '2' }], { mode: 'REPEATED' })).toEqual([1, 2]);
  expect(one('INTEGER', null, { mode: 'REPEATED' })).toEqual([]);
  expect(one('RECORD', struct, { fields })).toEqual({ x: 1, x_2: 'a' });
  expect(one('RECORD', [{ v: struct }], { fields, mode: 'REPEATED' })).toEqual([{ x: 1, x_2: 'a' }]);
  const column = { name: 'x', type: 'STRUCT', repeated: true };
  expect(columnsOf([{ name: 'x', type: 'RECORD', mode: 'REPEATED' }])).toEqual([column]);
});

test('a column may be called as what every object has', () => {
  const [row] = jsonRows([{ name: '__proto__', type: 'INTEGER' }], [{ f: [{ v: '1' }] }]);
  expect(JSON.stringify(row)).toBe('{"__proto__":1}');
});

test('a cell that is longer than a page shows is cut and says so, also where it is a list', () => {
  const text = 'a'.repeat(cellSigns);
  expect(cutRow({ text, number: 1 })).toEqual({ text, number: 1 });
  const cut = cutRow({ long: `${'a'.repeat(cellSigns - 1)}😀`, list: Array(cellSigns).fill(1) });
  expect(cut.long).toMatch(/^a+… \(cut: 10,001 signs;/);
  expect(cut.list).toMatch(/^\[1,1,.*… \(cut: 20,001 signs;/);
  expect(String(cut.long).isWellFormed()).toBe(true);
});
