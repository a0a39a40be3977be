import { expect, test } from 'vitest';
import { parseJson } from '@/lib/domains/traces/normalize/parse-json';

test.each([
  ['[NaN, Infinity, -Infinity]', [Infinity, Infinity, -Infinity]],
  ['{"a":NaN,"b":{"c":[-Infinity]}}', { a: Infinity, b: { c: [-Infinity] } }],
  ['["NaN", NaN, "-Infinity"]', ['NaN', Infinity, '-Infinity']],
  ['["a\\" NaN", NaN, "\\\\", "Infinity"]', ['a" NaN', Infinity, '\\', 'Infinity']],
  ['[-1, NaN, "é😀"]', [-1, Infinity, 'é😀']],
  ['NaN', Infinity],
])('Python’s %s is JSON with numbers that are not finite, and texts stay', (text, value) =>
  expect(parseJson(text)).toEqual(value),
);

test.each([
  '',
  '[',
  '[NaN',
  '["NaN]',
  '[NaNs]',
  '[xNaN]',
  '[1NaN]',
  '[NaN1]',
  '[-NaN]',
  '["a"NaN]',
  '[NaN"a"]',
  '[nan]',
  '[+Infinity]',
])('%s is no JSON', text => expect(parseJson(text)).toBeUndefined());

test('a hostile text takes no longer than its length', () => {
  const signs = 4_000_000;
  const texts = ['\\"', '"', '\\', '-', 'I', 'N', 'NaN,', '"NaN",'].map(
    part => `[NaN,${part.repeat(signs / part.length)}`,
  );
  const beganMs = performance.now();
  for (const text of texts) expect(parseJson(text)).toBeUndefined();
  expect(performance.now() - beganMs).toBeLessThan(10_000);
});
