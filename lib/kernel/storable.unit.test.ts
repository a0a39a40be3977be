import { expect, test } from 'vitest';
import { jsonProblem, storableText } from '@/lib/kernel/storable';

const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

const cases: [what: string, value: unknown, problem: RegExp | null][] = [
  ['an empty object', {}, null],
  ['emoji and other scripts', { grüße: ['👋🏽', '東京'] }, null],
  ['the text \\u0000 written out', { a: '\\u0000' }, null],
  ['100 levels', nested(100), null],
  ['101 levels', nested(101), /deeper than 100/],
  ['100,000 levels', nested(100_000), /deeper than 100/],
  ['a NUL in a value', { a: [{ b: '\u0000' }] }, /character/],
  ['a NUL in a name', { 'a\u0000': 1 }, /name/],
  ['half a surrogate', ['\udc00'], /character/],
  ['too many bytes', { a: 'ü'.repeat(600) }, /larger than 1000 bytes/],
];
test.each(cases)('%s', (_what, value, problem) => {
  if (problem === null) expect(jsonProblem(value, 1_000)).toBeNull();
  else expect(jsonProblem(value, 1_000)?.message).toMatch(problem);
});

test('text is not empty, not too long, and storable', () => {
  const schema = storableText(5);
  expect(['a', 'abcde', '👋'].map(text => schema.safeParse(text).success)).toEqual([true, true, true]);
  expect(['', 'abcdef', 'a\u0000', '\ud83d'].map(text => schema.safeParse(text).success)).toEqual(Array(4).fill(false));
});
