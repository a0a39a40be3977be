/** Rows of NDJSON become messages that hold every value as it was written. */
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import type { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { encodeRows } from '@/lib/warehouse/ingest/load/stream/encode-rows';

const fields = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'whole', type: 'INT64' },
  { name: 'part', type: 'FLOAT64' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'day', type: 'DATE' },
  { name: 'amount', type: 'NUMERIC' },
  { name: 'any', type: 'JSON' },
  { name: 'yes', type: 'BOOL' },
  { name: 'list', type: 'STRING', mode: 'REPEATED' },
  { name: 'naïve', type: 'STRING' },
];
const typeNames: Record<number, string> = { 1: 'double', 3: 'int64', 5: 'int32', 8: 'bool', 9: 'string', 12: 'bytes' };

/** Reads the rows by the descriptor alone, as BigQuery does; 64 bits as text. */
function decoded(...lines: string[]): Record<string, unknown>[] {
  const { descriptor, slices } = encodeRows({ ndjson: lines.map(line => `${line}\n`).join(''), fields });
  const type = new protobuf.Type('row');
  for (const { name, number, type: of } of descriptor.field ?? [])
    type.add(new protobuf.Field(name ?? '', number ?? 0, typeNames[Number(of)] ?? ''));
  new protobuf.Root().add(type);
  const bits = ({ low, high }: { low: number; high: number }) =>
    BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString();
  return slices.flat().map(row => {
    const message = type.decode(row) as unknown as Record<string, unknown>;
    const known = Object.entries({ ...message });
    return Object.fromEntries(
      known.map(([name, value]) => [name, value instanceof Object && 'low' in value ? bits(value as never) : value]),
    );
  });
}

const refusalOf = (line: string) => {
  try {
    encodeRows({ ndjson: `{"id":"a"}\n${line}\n`, fields });
  } catch (error) {
    return error as LoadRefusedError;
  }
  throw new Error('the row was taken');
};

test('whole numbers keep all 64 bits, decimals and JSON their text', () => {
  const wholes = ['0', '-1', '9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808'];
  const of = (whole: string) => decoded(`{"id":"a","whole":${whole}}`)[0]?.whole;
  expect(wholes.map(of).map(value => String(value ?? 0))).toEqual(wholes);
  expect(decoded('{"id":"a","amount":12345678901234567890.123456789,"any":"x","part":0.1}')).toEqual([
    { id: 'a', amount: '12345678901234567890.123456789', any: '"x"', part: 0.1 },
  ]);
});

test('instants keep their microseconds in every year and zone, days are counted from 1970', () => {
  const of = (at: string) => decoded(`{"id":"a","at":"${at}"}`)[0]?.at;
  expect(of('2026-03-01T10:00:00.123456789Z')).toBe('1772359200123456');
  expect(of('1969-12-31 23:59:59.999999+00:00')).toBe('-1');
  expect(of('0001-01-01T00:00:00Z')).toBe('-62135596800000000');
  expect(of('9999-12-31T23:59:59.999999-0100')).toBe('253402304399999999');
  expect(decoded('{"id":"a","day":"1970-01-02"}', '{"id":"b","day":"1969-12-31"}')).toEqual([
    { id: 'a', day: 1 },
    { id: 'b', day: -1 },
  ]);
});

test('null is no value; lists and columns whose names no message can have are left out of the descriptor', () => {
  expect(decoded('{"id":"a \\"b\\" \\n","whole":null,"yes":false}')).toEqual([{ id: 'a "b" \n', yes: false }]);
  const { descriptor } = encodeRows({ ndjson: '', fields });
  const names = (descriptor.field ?? []).map(({ name, label }) => [name, label]);
  expect(names.slice(0, 2)).toEqual([
    ['id', 2],
    ['whole', 1],
  ]);
  expect(names.map(([name]) => name)).not.toContain('list');
  expect(names.map(([name]) => name)).not.toContain('naïve');
});

test('a value that its column cannot take names its row, an unknown column none', () => {
  expect(refusalOf('{"id":"b","day":"2023-02-29"}')).toMatchObject({
    line: 1,
    reason: 'invalid',
    message: `Could not convert value '"2023-02-29"' to DATE. Field: day`,
  });
  for (const cell of ['"whole":1.5', '"whole":9223372036854775808', '"part":"x"', '"at":"soon"'])
    expect(refusalOf(`{"id":"b",${cell}}`)).toMatchObject({ line: 1, reason: 'invalid' });
  expect(refusalOf('{"id":"b","colour":"red"}')).toMatchObject({ line: null, message: 'No such field: colour.' });
});
