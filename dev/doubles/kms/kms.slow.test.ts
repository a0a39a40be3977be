/** The double against the official client, on the running local service; each test has a key ring of its own. */
import { randomBytes } from 'node:crypto';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { PassThroughClient } from 'google-auth-library';
import { beforeAll, describe, expect, test } from 'vitest';
import { crc32c } from '@/dev/doubles/kms/crc32c';

const url = new URL(process.env.KMS_API_URL ?? '');
const client = new KeyManagementServiceClient({
  apiEndpoint: url.hostname,
  port: Number(url.port),
  fallback: 'rest',
  protocol: 'http',
  projectId: 'kms-test',
  authClient: new PassThroughClient(),
  // The client's options type lacks `protocol`, which its REST transport reads.
} as ConstructorParameters<typeof KeyManagementServiceClient>[0]);

const parent = 'projects/kms-test/locations/us';
const plaintext = Buffer.from('a data key of 32 bytes, or so...');
const bound = Buffer.from('customer=c1;table=credentials');
const checksum = (bytes: Uint8Array) => ({ value: String(crc32c(bytes)) });
const bytes = (value: string | Uint8Array | null | undefined) => Buffer.from((value ?? '') as Uint8Array);

async function newKey(): Promise<string> {
  const keyRingId = `ring-${randomBytes(6).toString('hex')}`;
  const [ring] = await client.createKeyRing({ parent, keyRingId, keyRing: {} });
  const [key] = await client.createCryptoKey({
    parent: ring.name ?? '',
    cryptoKeyId: 'data',
    cryptoKey: { purpose: 'ENCRYPT_DECRYPT', labels: { use: 'test' } },
  });
  return key.name ?? '';
}

async function seal(name: string, additional = bound) {
  const [answer] = await client.encrypt({
    name,
    plaintext,
    plaintextCrc32c: checksum(plaintext),
    additionalAuthenticatedData: additional,
    additionalAuthenticatedDataCrc32c: checksum(additional),
  });
  return answer;
}

const open = (name: string, ciphertext: Uint8Array, additional = bound) =>
  client.decrypt({ name, ciphertext, additionalAuthenticatedData: additional });

let key = '';
beforeAll(async () => {
  key = await newKey();
});

test('CRC32C is the Castagnoli checksum of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

describe('encrypt and decrypt', () => {
  test('what was encrypted comes back, with every checksum verified both ways', async () => {
    const sealed = await seal(key);
    const ciphertext = bytes(sealed.ciphertext);
    expect(sealed).toMatchObject({
      name: `${key}/cryptoKeyVersions/1`,
      verifiedPlaintextCrc32c: true,
      verifiedAdditionalAuthenticatedDataCrc32c: true,
    });
    expect(sealed.ciphertextCrc32c?.value).toBe(String(crc32c(ciphertext)));
    expect(ciphertext.includes(plaintext)).toBe(false);
    const [opened] = await open(key, ciphertext);
    expect(bytes(opened.plaintext)).toEqual(plaintext);
    expect(opened.plaintextCrc32c?.value).toBe(String(crc32c(plaintext)));
    expect(opened.usedPrimary).toBe(true);
  });

  test('other additional data, another key or a changed byte does not open it', async () => {
    const ciphertext = bytes((await seal(key)).ciphertext);
    const changed = Buffer.from(ciphertext);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(open(key, ciphertext, Buffer.from('customer=c2'))).rejects.toThrow(/Decryption failed/);
    await expect(open(await newKey(), ciphertext)).rejects.toThrow(/Decryption failed/);
    await expect(open(key, changed)).rejects.toThrow(/Decryption failed/);
    await expect(open(key, Buffer.from('not a ciphertext'))).rejects.toThrow(/Decryption failed/);
  });

  test('a wrong checksum is refused on each field that has one', async () => {
    const wrong = { value: '1' };
    const ciphertext = bytes((await seal(key)).ciphertext);
    await expect(client.encrypt({ name: key, plaintext, plaintextCrc32c: wrong })).rejects.toThrow(/plaintext_crc32c/);
    await expect(
      client.encrypt({
        name: key,
        plaintext,
        additionalAuthenticatedData: bound,
        additionalAuthenticatedDataCrc32c: wrong,
      }),
    ).rejects.toThrow(/additional_authenticated_data_crc32c/);
    await expect(client.decrypt({ name: key, ciphertext, ciphertextCrc32c: wrong })).rejects.toThrow(
      /ciphertext_crc32c/,
    );
  });

  test('more than 64 KiB is refused', async () => {
    await expect(client.encrypt({ name: key, plaintext: randomBytes(65_537) })).rejects.toThrow(/65536/);
  });
});

describe('keys and versions', () => {
  test('a new primary encrypts, and what the old version made still opens', async () => {
    const name = await newKey();
    const old = bytes((await seal(name)).ciphertext);
    const [version] = await client.createCryptoKeyVersion({ parent: name, cryptoKeyVersion: {} });
    expect(version.name).toBe(`${name}/cryptoKeyVersions/2`);
    expect((await seal(name)).name).toBe(`${name}/cryptoKeyVersions/1`);
    const [rotated] = await client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: '2' });
    expect(rotated.primary?.name).toBe(version.name);
    expect((await seal(name)).name).toBe(version.name);
    const [opened] = await open(name, old);
    expect([bytes(opened.plaintext), opened.usedPrimary]).toEqual([plaintext, false]);
  });

  test('a disabled version neither encrypts nor decrypts until it is enabled again', async () => {
    const name = await newKey();
    const ciphertext = bytes((await seal(name)).ciphertext);
    const setState = (state: 'ENABLED' | 'DISABLED') =>
      client.updateCryptoKeyVersion({
        cryptoKeyVersion: { name: `${name}/cryptoKeyVersions/1`, state },
        updateMask: { paths: ['state'] },
      });
    const [disabled] = await setState('DISABLED');
    expect(disabled.state).toBe('DISABLED');
    await expect(open(name, ciphertext)).rejects.toThrow(/not enabled/);
    await expect(seal(name)).rejects.toThrow(/not enabled/);
    await setState('ENABLED');
    expect(bytes((await open(name, ciphertext))[0].plaintext)).toEqual(plaintext);
  });

  test('lists go page by page; what is there twice is ALREADY_EXISTS, what is not is NOT_FOUND', async () => {
    const name = await newKey();
    for (const _ of [2, 3]) await client.createCryptoKeyVersion({ parent: name, cryptoKeyVersion: {} });
    const [versions] = await client.listCryptoKeyVersions({ parent: name, pageSize: 2 });
    expect(versions.map(version => version.name?.split('/').at(-1))).toEqual(['1', '2', '3']);
    const ring = name.split('/cryptoKeys/')[0] ?? '';
    await expect(
      client.createCryptoKey({ parent: ring, cryptoKeyId: 'data', cryptoKey: { purpose: 'ENCRYPT_DECRYPT' } }),
    ).rejects.toMatchObject({ code: 6 });
    await expect(client.getCryptoKey({ name: `${ring}/cryptoKeys/none` })).rejects.toMatchObject({ code: 5 });
    const [keys] = await client.listCryptoKeys({ parent: ring });
    expect(keys.map(item => [item.name, item.labels])).toEqual([[name, { use: 'test' }]]);
  });
});
