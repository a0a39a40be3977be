import { describe, expect, test } from 'vitest';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { fitRows } from '@/lib/warehouse/ingest/evolve/fit-rows';
import { eachCell } from '@/lib/warehouse/ingest/evolve/flat-row';
import { typeOfJson } from '@/lib/warehouse/ingest/evolve/values';

const fitOne = (columnType: string, json: string, types: ColumnType[], misfits: 'discard' | 'refuse' = 'discard') => {
  const chunk = { columns: { id: ['STRING' as const], c: types }, ndjson: `{"id":"a","c":${json}}\n`, rows: 1 };
  const fields = [
    { name: 'id', type: 'STRING' },
    { name: 'c', type: columnType },
  ];
  return fitRows([chunk], { fields, leftOut: new Map(), misfits });
};

/** What a value becomes in a column of a type; null = it is left out. */
const cases: [columnType: string, json: string, stands: string | null][] = [
  ['STRING', '"x"', '"x"'],
  ['STRING', '1', '"1"'],
  ['STRING', '1.50', '"1.50"'],
  ['STRING', '1e300', '"1e300"'],
  ['STRING', '-0.0', '"-0.0"'],
  ['STRING', '12345678901234567890', '"12345678901234567890"'],
  ['STRING', 'true', '"true"'],
  ['STRING', 'null', 'null'],
  ['STRING', '"2024-02-29T10:00:00.000Z"', '"2024-02-29T10:00:00.000Z"'],
  ['FLOAT64', '1', '1'],
  ['FLOAT64', '1.5', '1.5'],
  ['FLOAT64', '"1.5"', null],
  ['INT64', '1', '1'],
  ['INT64', '1.5', null],
  ['INT64', '1.0', null],
  ['INT64', '9223372036854775807', '9223372036854775807'],
  ['INT64', '9223372036854775808', null],
  ['INT64', '-9223372036854775808', '-9223372036854775808'],
  ['INT64', 'true', null],
  ['BOOL', 'false', 'false'],
  ['BOOL', '"false"', null],
  ['BOOL', '0', null],
  ['TIMESTAMP', '"2024-02-29T10:00:00Z"', '"2024-02-29T10:00:00Z"'],
  ['TIMESTAMP', '"2024-02-29T10:00:00.123456+02:00"', '"2024-02-29T10:00:00.123456+02:00"'],
  ['TIMESTAMP', '"2024-02-30"', null],
  ['TIMESTAMP', '"2024-99-01T10:00:00Z"', null],
  ['TIMESTAMP', '"2024-02-30T10:00:00Z"', null],
  ['TIMESTAMP', '"2023-02-29T10:00:00Z"', null],
  ['TIMESTAMP', '"0000-01-01T10:00:00Z"', null],
  ['TIMESTAMP', '"9999-12-31T23:59:59Z"', '"9999-12-31T23:59:59Z"'],
  ['TIMESTAMP', '"2024-02-29T10:00:00"', null],
  ['TIMESTAMP', '"soon"', null],
  ['TIMESTAMP', '5', null],
  ['NUMERIC', '5', '5'],
  ['NUMERIC', '5.5', null],
  ['DATE', '"2024-02-29"', '"2024-02-29"'],
  ['RECORD', '"x"', null],
];
describe('what a value becomes', () => {
  test.each(cases)('in %s %s stands as %s', (columnType, json, stands) => {
    const { ndjson, discards, rows } = fitOne(columnType, json, [typeOfJson(json) ?? 'STRING']);
    expect(ndjson).toBe(stands === null ? '{"id":"a"}\n' : `{"id":"a","c":${stands}}\n`);
    expect(discards.map(discard => discard.values[0]?.value)).toEqual(stands === null ? [json] : []);
    expect(rows).toBe(1);
  });
});

test('a chunk whose types all fit passes as it is, unread', () => {
  const chunk = { columns: { id: ['STRING' as const] }, ndjson: 'not even JSON\n', rows: 1 };
  const { ndjson } = fitRows([chunk], {
    fields: [{ name: 'id', type: 'STRING' }],
    leftOut: new Map(),
    misfits: 'discard',
  });
  expect(ndjson).toBe(chunk.ndjson);
});

test('where tables are managed by hand a row is set aside whole, as it came', () => {
  expect(fitOne('INT64', '1.5', ['FLOAT64'], 'refuse')).toMatchObject({
    ndjson: '',
    rows: 0,
    discards: [],
    refused: [{ rowId: 'a', row: '{"id":"a","c":1.5}', error: expect.stringContaining("'1.5' to INT64. Field: c") }],
  });
});

test('values of a column that is not made are kept by type, 10,000 of them at most, and all are counted', () => {
  const lines = Array.from({ length: 10_005 }, (_, index) => `{"id":"${index}","c":${index === 3 ? '"x"' : index}}\n`);
  const chunk = {
    columns: { id: ['STRING' as const], c: ['INT64' as const, 'STRING' as const] },
    ndjson: lines.join(''),
    rows: lines.length,
  };
  const leftOut = new Map([['c', 'column_burst' as const]]);
  const fitted = fitRows([chunk], { fields: [{ name: 'id', type: 'STRING' }], leftOut, misfits: 'discard' });
  expect(fitted.rows).toBe(10_005);
  expect(fitted.discards.map(({ valueType, count, values }) => [valueType, count, values.length])).toEqual([
    ['INT64', 10_004, 10_000],
    ['STRING', 1, 1],
  ]);
});

const rows: [row: string, cells: [string, string][]][] = [
  ['{}', []],
  ['{"a":1}', [['a', '1']]],
  [
    '{"a":"x,\\"b\\":2}","c":null}',
    [
      ['a', '"x,\\"b\\":2}"'],
      ['c', 'null'],
    ],
  ],
  [
    '{"a":"\\\\","b":true,"c":-1.5e-7}',
    [
      ['a', '"\\\\"'],
      ['b', 'true'],
      ['c', '-1.5e-7'],
    ],
  ],
  [
    '{"a":"}","b":"\\\\\\""}',
    [
      ['a', '"}"'],
      ['b', '"\\\\\\""'],
    ],
  ],
  ['{"a":"größer 😀"}', [['a', '"größer 😀"']]],
];
test.each(rows)('the cells of %s', (row, cells) => {
  const seen: [string, string][] = [];
  eachCell(row, (name, value) => seen.push([name, value]));
  expect(seen).toEqual(cells);
});

test.each(['{"a":{"b":1}}', '{"a":[1]}', '{"a":"x', '{"a":}'])('%s is no row of the spool', row => {
  expect(() => eachCell(row, () => undefined)).toThrow('a row of the spool');
});
