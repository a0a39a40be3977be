import { expect, test } from 'vitest';
import { parseJsonText } from '@/lib/domains/providers/json-text';

test.each([
  ['{\n  "a": 1,\n  b: 2\n}', 'line 3, column 3: '],
  ['{"a": 1,}', 'line 1, column 9: '],
  ['{\n"a": [1, 2\n', 'line 3, column 1: '],
  ['[1]', 'line 1, column 1: write an object'],
  ['7', 'line 1, column 1: write an object'],
  ['{"a": "secret-of-mine"', 'line 1, column 23: '],
  ['{} {}', 'line 1, column 4: '],
])('%j is refused with its place, without repeating it', (text, start) => {
  const read = parseJsonText(text);
  expect(read).toMatchObject({ ok: false, message: expect.stringMatching(`^${start}`) });
  expect(JSON.stringify(read)).not.toContain('secret-of-mine');
});

test('an empty text is no JSON at all, and null', () => {
  for (const text of ['', ' \n', 'null']) expect(parseJsonText(text)).toEqual({ ok: true, value: null });
});

test('numbers keep their digits', () => {
  const read = parseJsonText('{"id": 9007199254740993, "n": [1.50, -2]}');
  expect(JSON.stringify(read.ok && read.value)).toBe('{"id":9007199254740993,"n":[1.5,-2]}');
});
