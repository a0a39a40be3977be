import { expect, test } from 'vitest';
import { open, type SealedPlace, seal, sealedUnder } from '@/lib/kernel/sealing';
import { env } from '@/lib/platform/env';

const place: SealedPlace = { customerId: 'cus_a', table: 'api_keys', column: 'encrypted_api_key', id: 'k1' };
const plaintext = 'ty_live_a secret with ümlauts and 🔑';

test('a sealed value opens in its own place, and says which KMS key version wraps it', async () => {
  const sealed = await seal(plaintext, place);
  expect(sealed.includes(Buffer.from('ty_live_'))).toBe(false);
  expect((await open(sealed, place)).toString('utf8')).toBe(plaintext);
  expect(sealedUnder(sealed)).toMatch(new RegExp(`^${env().KMS_KEY_NAME}/cryptoKeyVersions/\\d+$`));
});

test('sealing twice gives different bytes', async () => {
  expect(await seal(plaintext, place)).not.toEqual(await seal(plaintext, place));
});

const elsewhere: Partial<SealedPlace>[] = [
  { customerId: 'cus_b' },
  { table: 'service_keys' },
  { column: 'another' },
  { id: 'k2' },
];
test.each(elsewhere)('pasted into another row it does not open: %j', async other => {
  const sealed = await seal(plaintext, place);
  await expect(open(sealed, { ...place, ...other })).rejects.toThrow();
});

test('with any one bit flipped it does not open', async () => {
  const sealed = await seal('short', place);
  const opened: number[] = [];
  for (let index = 0; index < sealed.length; index++) {
    const damaged = Buffer.from(sealed);
    damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
    await open(damaged, place).then(
      () => opened.push(index),
      () => undefined,
    );
  }
  expect(opened).toEqual([]);
}, 60_000);

test('the ciphertext of one value under the wrapped key of another does not open', async () => {
  const [first, second] = await Promise.all([seal('first', place), seal('other', place)]);
  const mixed = Buffer.concat([first.subarray(0, first.length - 33), second.subarray(second.length - 33)]);
  await expect(open(mixed, place)).rejects.toThrow(/damaged or belongs to another row/);
});
