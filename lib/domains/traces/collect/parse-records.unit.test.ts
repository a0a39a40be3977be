import { expect, test } from 'vitest';
import { parseRecords } from '@/lib/domains/traces/collect/parse-records';

const bad = { problem: { code: 'not_json', field: '' } };
const cases: [sentence: string, text: string, records: object[] | null][] = [
  ['an array', '[{"a":1},{"a":2}]', [{ value: { a: 1 } }, { value: { a: 2 } }]],
  ['an array over several lines', '[\n{"a":1},\n{"a":2}\n]\n', [{ value: { a: 1 } }, { value: { a: 2 } }]],
  ['no record', ' [ ] ', []],
  ['one object', '{"a":1}', [{ value: { a: 1 } }]],
  ['one object over several lines', '{\n"a":\n1}\n', [{ value: { a: 1 } }]],
  ['an object a line', '{"a":1}\n{"a":2}\n', [{ value: { a: 1 } }, { value: { a: 2 } }]],
  ['lines with carriage returns and empty ones', '{"a":1}\r\n\r\n{"a":2}', [{ value: { a: 1 } }, { value: { a: 2 } }]],
  [
    'a line that is no JSON among others',
    '{"a":1}\n{"a":\n{"a":2}',
    [{ value: { a: 1 } }, { ...bad, text: '{"a":' }, { value: { a: 2 } }],
  ],
  ['values that are no objects', '[1,null,"x"]', [{ value: 1 }, { value: null }, { value: 'x' }]],
  ['an array that breaks off', '[{"a":1},', null],
  ['lines of which none is JSON', 'a=1\nb=2', null],
  ['nothing', '', null],
];
test.each(cases)('%s', (_, text, records) => {
  expect(parseRecords(text)).toEqual(records);
});
