import { expect, test } from 'vitest';
import { fitsInt64, isLongNumber, parseJson } from '@/lib/platform/exact-json';

const kept = [
  '9007199254740993',
  '-9007199254740993',
  '[9223372036854775807,-9223372036854775808]',
  '{"a":{"b":[{"c":9007199254740993}]}}',
  '{"a":"9007199254740993","b":9007199254740993}',
  '{"text \\" 9007199254740993 ":9007199254740993}',
];
test.each(kept)('%s is written as it was read', text => expect(JSON.stringify(parseJson(text))).toBe(text));

const doubles: [text: string, value: unknown][] = [
  ['9007199254740991', 9007199254740991],
  ['9223372036854775808', 2 ** 63],
  [`1${'0'.repeat(30)}`, 1e30],
  ['1e30', 1e30],
  ['1000000000000000000000.5', 1e21],
  ['0.12345678901234567890', 0.12345678901234568],
  ['-1234567890123456789e2', -1.2345678901234568e20],
  ['{"a":"\\\\"}', { a: '\\' }],
];
test.each(doubles)('%s is what JSON.parse makes of it', (text, value) => expect(parseJson(text)).toEqual(value));

test.each(['{9007199254740993:1}', '09007199254740993', '+9007199254740993', '[9007199254740993', '"9007199254740993'])(
  '%s is no JSON',
  text => expect(() => parseJson(text)).toThrow(SyntaxError),
);

test('whole numbers of 64 bits fit, the next ones do not', () => {
  const fits = (text: string) => fitsInt64(parseJson(text, 'kept') as { rawJSON: string });
  expect(['9223372036854775807', '-9223372036854775808'].map(fits)).toEqual([true, true]);
  expect(['9223372036854775808', '-9223372036854775809', '1'.repeat(400)].map(fits)).toEqual([false, false, false]);
});

test('a name __proto__ stays a name, and no prototype is touched', () => {
  const value = parseJson('{"__proto__":{"a":9007199254740993}}') as Record<string, unknown>;
  expect(Object.hasOwn(value, '__proto__')).toBe(true);
  expect(isLongNumber(({} as { a?: unknown }).a)).toBe(false);
});

test('a body made to be slow is read about as fast as JSON.parse reads it', () => {
  const text = `[${Array.from({ length: 300_000 }, (_, index) => index % 10).join(',')},9007199254740993]`;
  const started = performance.now();
  JSON.parse(text);
  const plainMs = performance.now() - started;
  const again = performance.now();
  parseJson(text);
  expect(performance.now() - again).toBeLessThan(200 + 20 * plainMs);
});
