import { expect, test } from 'vitest';
import { crc32c } from '@/lib/platform/files/crc32c';

test('agrees with the check value of RFC 3720 B.4 and the catalogue', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
});
