import { describe, expect, test } from 'vitest';
import {
  billedWords,
  byDoor,
  bytesIn,
  failureTitle,
  firstLine,
  sizeInput,
  withSizes,
} from '@/app/(portal)/desk/_parts/desk-words';

const mebibyte = 1024 ** 2;

describe('a size that a person writes', () => {
  test.each([
    ['10 MB', 10 * mebibyte],
    ['10 MiB', 10 * mebibyte],
    ['10', 10 * mebibyte],
    ['1.5 GiB', 1.5 * 1024 * mebibyte],
    ['2g', 2 * 1024 * mebibyte],
    ['10,485,760 B', 10 * mebibyte],
    ['10485760 bytes', 10 * mebibyte],
    ['0', 0],
  ])('%s is that many bytes', (written, bytes) => expect(bytesIn(written)).toBe(bytes));

  test('nothing is the operator’s setting, and no size stays as it is for its field to refuse', () => {
    expect(bytesIn('  ')).toBeNull();
    for (const wrong of ['ten', '-5 MB', '1 PB', '1.2.3', 'MB', '1 MB now']) expect(bytesIn(wrong)).toBe(wrong);
  });

  test('what is stored comes back as it would be written, and means the same', () => {
    expect(sizeInput(10 * mebibyte)).toBe('10 MiB');
    expect(sizeInput(1024 * mebibyte)).toBe('1 GiB');
    expect(sizeInput(null)).toBe('');
    for (const bytes of [10 * mebibyte, 10_485_761, 1_073_741_824, 107_374_182_400, 1_500_000_000, 0])
      expect(bytesIn(sizeInput(bytes))).toBe(bytes);
  });
});

test('a query is listed by its first line that says something', () => {
  expect(firstLine('\n-- failures\n  SELECT 1\nFROM x')).toBe('SELECT 1');
  expect(firstLine('-- nothing else')).toBe('-- nothing else');
  expect(firstLine(`SELECT ${'a'.repeat(200)}`)).toHaveLength(91);
});

test('what is not billed yet is a dash, and nothing is 0 B without a price', () => {
  expect(billedWords(null, 6.25)).toBe('–');
  expect(billedWords(0, 6.25)).toBe('0\u00a0B');
  expect(billedWords(1024 ** 4, 6.25)).toContain('$6.25');
});

test('limits in bytes are said as sizes', () => {
  expect(withSizes('The least is 10485760 bytes (10 MiB), which BigQuery bills a table.')).toBe(
    'The least is 10\u00a0MiB, which BigQuery bills a table.',
  );
  expect(withSizes('The most is 1,073,741,824 bytes; support can raise it.')).toBe(
    'The most is 1\u00a0GiB; support can raise it.',
  );
});

test('the title of a query that failed claims no more than is known', () => {
  const titles = {
    'The query was not sent to BigQuery, because the process that was to do so ended. Nothing was billed.':
      'It was not sent to BigQuery.',
    'The query took longer than 60 s and was stopped.': 'It was stopped.',
    'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.': 'BigQuery stopped it at its cap.',
    'division by zero: 1 / 0': 'It failed in BigQuery.',
  };
  for (const [words, title] of Object.entries(titles)) expect(failureTitle(words)).toBe(title);
  expect(failureTitle(null)).toBe('It failed.');
});

test('by which door a query came reads as part of a sentence', () => {
  expect(Object.values(byDoor)).toEqual(['in the portal', 'by the API', 'by MCP']);
});
