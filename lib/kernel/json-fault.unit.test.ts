import { expect, test } from 'vitest';
import { jsonFault } from '@/lib/kernel/json-fault';

test.each([
  ['{"a": x}', { line: 1, column: 7 }],
  ['{\n  "a": 1,\n}', { line: 3, column: 1 }],
  ['{\n  "a" 1}', { line: 2, column: 7 }],
  ['', { line: 1, column: 1 }],
  ['{"a": "un', { line: 1, column: 7 }],
  ['[1, 2', { line: 1, column: 6 }],
  ['{} x', { line: 1, column: 4 }],
  ['['.repeat(20_000), { line: 1, column: 201 }],
])('%j is faulty where it says', (text, place) => expect(jsonFault(text)).toEqual(place));

test.each(['{}', ' [1, -2.5e3, true, null, {"a": "\\u00e9\\n"}] ', '"x"', '0'])('%j is JSON', text => {
  expect(jsonFault(text)).toBeNull();
  expect(() => JSON.parse(text)).not.toThrow();
});
