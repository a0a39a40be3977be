import { expect, test } from 'vitest';
import { csvLine } from '@/lib/platform/csv';

test.each([
  ['plain', 'plain'],
  ['with, comma', '"with, comma"'],
  ['with "quotes"', '"with ""quotes"""'],
  ['two\nlines', '"two\nlines"'],
  [null, ''],
  [undefined, ''],
  [0, '0'],
  [-3, '-3'],
  [true, 'true'],
  [new Date('2026-11-21T02:09:14Z'), '2026-11-21T02:09:14.000Z'],
  [{ numeral: '-1.5' }, '-1.5'],
  [{ numeral: '-9223372036854775808' }, '-9223372036854775808'],
  [{ numeral: '-Infinity' }, '-Infinity'],
  [{ numeral: '-1+cmd' }, "'-1+cmd"],
])('%j is written as %j', (value, text) => {
  expect(csvLine([value])).toBe(`${text}\r\n`);
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '  =1',
  '|cmd',
  '%0A',
  '=HYPERLINK("https://evil.example")',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(A1)',
  '％1',
  '｜cmd',
  '﹣1',
  '\u22121',
  '\u3000＝1',
  '\u00a0=1',
])('the text %j cannot run as a formula', value => {
  const written = csvLine([value]);
  expect(written.replace(/^"/, '').startsWith("'")).toBe(true);
});

test.each(['ＡＢＣ', 'Ünal', '株式会社', '½', '–5', '“=1”'])('the text %j is written as it is', value => {
  expect(csvLine([value])).toBe(`${value}\r\n`);
});

test('cells are parted by commas, lines by CR LF', () => {
  expect(csvLine(['a', 1, null])).toBe('a,1,\r\n');
});
