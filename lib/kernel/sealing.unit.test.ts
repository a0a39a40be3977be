import { expect, test } from 'vitest';
import { decodeEnvelope, encodeEnvelope, placeBytes } from '@/lib/kernel/sealing';

const place = { customerId: 'cus_a', table: 'api_keys', column: 'encrypted_api_key', id: 'k1' };
const envelope = {
  keyVersion: 'projects/p/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3',
  wrappedKey: Buffer.from('wrapped'),
  iv: Buffer.alloc(12, 1),
  tag: Buffer.alloc(16, 2),
  ciphertext: Buffer.from('ciphertext'),
};

test('an envelope is read as it was written, and names the KMS key version', () => {
  const bytes = encodeEnvelope(envelope);
  expect(bytes[0]).toBe(1);
  expect(decodeEnvelope(bytes)).toEqual(envelope);
});

test('an envelope cut anywhere before its ciphertext, or of another format, is refused', () => {
  const bytes = encodeEnvelope(envelope);
  const head = bytes.length - envelope.ciphertext.length;
  for (let length = 0; length < head; length++) expect(() => decodeEnvelope(bytes.subarray(0, length))).toThrow();
  expect(() => decodeEnvelope(Buffer.concat([Buffer.from([2]), bytes.subarray(1)]))).toThrow(/format 2/);
});

test('no two places have the same bytes, however their fields are divided', () => {
  const places = [
    place,
    { ...place, customerId: 'cus_aapi', table: '_keys' },
    { ...place, table: 'api_keysencrypted', column: '_api_key' },
    { ...place, id: 'k2' },
    { ...place, customerId: '', id: 'cus_ak1' },
  ];
  expect(new Set(places.map(item => placeBytes(item).toString('hex'))).size).toBe(places.length);
});
