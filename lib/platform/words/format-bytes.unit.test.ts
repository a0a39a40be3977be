import { expect, test } from 'vitest';
import { formatBytes } from '@/lib/platform/words/format-bytes';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const [kibibyte, mebibyte, gibibyte] = [1024, 1024 ** 2, 1024 ** 3];

test('bytes have one digit after the point below 100 of a unit, and none above', () => {
  const said = [0, 512, 1_572_864, 10_485_760, 214_748_364_800, 2 ** 50].map(bytes => plain(formatBytes(bytes)));
  expect(said).toEqual(['0 B', '512 B', '1.5 MiB', '10.0 MiB', '200 GiB', '1024 TiB']);
});

test.each([
  [0, '0 B'],
  [10 * mebibyte, '10 MiB'],
  [10 * mebibyte + 1, '10,485,761 B'],
  [1.25 * gibibyte, '1.25 GiB'],
  [12_000 * mebibyte, '12,000 MiB'],
  [1023.5 * kibibyte, '1,023.5 KiB'],
  [1_500_000_000, '1,500,000,000 B'],
  [2 ** 50, '1,024 TiB'],
  [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991 B'],
])('a limit of %i bytes loses no digit: %s', (bytes, said) => {
  expect(plain(formatBytes(bytes, { exact: true }))).toBe(said);
});
