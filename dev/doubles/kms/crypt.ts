/** Encrypt and Decrypt of the KMS double: AES-256-GCM whose ciphertext names the key version that made it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { crc32c } from '@/dev/doubles/kms/crc32c';
import { GoogleError } from '@/dev/doubles/kms/google-error';
import type { CryptoKeyVersion, KmsState } from '@/dev/doubles/kms/state';

const maximumBytes = 65_536;
const magic = Buffer.from('TKMS1');
const bytes = z.string().default('');
const checksum = z.union([z.string(), z.number()]).nullish();

const encryptRequest = z.object({
  plaintext: bytes,
  additionalAuthenticatedData: bytes,
  plaintextCrc32c: checksum,
  additionalAuthenticatedDataCrc32c: checksum,
});
const decryptRequest = z.object({
  ciphertext: bytes,
  additionalAuthenticatedData: bytes,
  ciphertextCrc32c: checksum,
  additionalAuthenticatedDataCrc32c: checksum,
});

/** Decodes a field and checks its checksum when one was sent; says whether one was. */
function checked(field: string, text: string, sum: z.infer<typeof checksum>): { value: Buffer; verified: boolean } {
  const value = Buffer.from(text, 'base64');
  if (sum === null || sum === undefined) return { value, verified: false };
  if (crc32c(value) !== Number(sum)) {
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
    );
  }
  return { value, verified: true };
}

function limited(field: string, value: Buffer): void {
  if (value.length > maximumBytes) {
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `${field} is ${value.length} bytes, more than the ${maximumBytes} allowed.`,
    );
  }
}

function usable(state: KmsState, name: string): { version: CryptoKeyVersion; key: Buffer } {
  const version = state.versions[name];
  const material = state.material[name];
  if (!version) throw new GoogleError('NOT_FOUND', `CryptoKeyVersion ${name} not found.`);
  if (version.state !== 'ENABLED' || !material) {
    throw new GoogleError('FAILED_PRECONDITION', `${name} is not enabled, current state is: ${version.state}.`);
  }
  return { version, key: Buffer.from(material, 'base64') };
}

/** What GCM authenticates: the version's name and the caller's data, with a length so that no two pairs look alike. */
function boundData(versionName: string, additional: Buffer): Buffer {
  const name = Buffer.from(versionName);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, additional]);
}

function versionToUse(state: KmsState, name: string): string {
  if (state.versions[name]) return name;
  if (!state.cryptoKeys[name]) throw new GoogleError('NOT_FOUND', `CryptoKey ${name} not found.`);
  const primary = state.primaries[name];
  if (primary) return primary;
  throw new GoogleError('FAILED_PRECONDITION', `CryptoKey ${name} has no primary version.`);
}

/** Encrypt with a key's primary version, or with the version named. */
export function encrypt(state: KmsState, name: string, body: unknown) {
  const request = encryptRequest.parse(body);
  const plaintext = checked('plaintext', request.plaintext, request.plaintextCrc32c);
  const additional = checked(
    'additional_authenticated_data',
    request.additionalAuthenticatedData,
    request.additionalAuthenticatedDataCrc32c,
  );
  limited('plaintext', plaintext.value);
  limited('additional_authenticated_data', additional.value);
  const { version, key } = usable(state, versionToUse(state, name));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(boundData(version.name, additional.value));
  const sealed = Buffer.concat([cipher.update(plaintext.value), cipher.final()]);
  const named = Buffer.from(version.name);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(named.length);
  const ciphertext = Buffer.concat([magic, length, named, nonce, cipher.getAuthTag(), sealed]);
  return {
    name: version.name,
    ciphertext: ciphertext.toString('base64'),
    ciphertextCrc32c: String(crc32c(ciphertext)),
    verifiedPlaintextCrc32c: plaintext.verified,
    verifiedAdditionalAuthenticatedDataCrc32c: additional.verified,
    protectionLevel: 'SOFTWARE' as const,
  };
}

const undecipherable = () =>
  new GoogleError('INVALID_ARGUMENT', 'Decryption failed: the ciphertext is invalid or the additional data differs.');

function open(state: KmsState, keyName: string, ciphertext: Buffer, additional: Buffer) {
  const start = magic.length + 2;
  if (ciphertext.length < start || !ciphertext.subarray(0, magic.length).equals(magic)) throw undecipherable();
  const nameEnd = start + ciphertext.readUInt16BE(magic.length);
  const versionName = ciphertext.subarray(start, nameEnd).toString();
  if (!versionName.startsWith(`${keyName}/cryptoKeyVersions/`) || ciphertext.length < nameEnd + 28)
    throw undecipherable();
  const { version, key } = usable(state, versionName);
  const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(nameEnd, nameEnd + 12));
  decipher.setAAD(boundData(versionName, additional));
  decipher.setAuthTag(ciphertext.subarray(nameEnd + 12, nameEnd + 28));
  try {
    return {
      version,
      plaintext: Buffer.concat([decipher.update(ciphertext.subarray(nameEnd + 28)), decipher.final()]),
    };
  } catch {
    throw undecipherable();
  }
}

/** Decrypt with whichever enabled version of the key made the ciphertext. */
export function decrypt(state: KmsState, name: string, body: unknown) {
  if (!state.cryptoKeys[name]) throw new GoogleError('NOT_FOUND', `CryptoKey ${name} not found.`);
  const request = decryptRequest.parse(body);
  const ciphertext = checked('ciphertext', request.ciphertext, request.ciphertextCrc32c);
  const additional = checked(
    'additional_authenticated_data',
    request.additionalAuthenticatedData,
    request.additionalAuthenticatedDataCrc32c,
  );
  const { version, plaintext } = open(state, name, ciphertext.value, additional.value);
  return {
    plaintext: plaintext.toString('base64'),
    plaintextCrc32c: String(crc32c(plaintext)),
    usedPrimary: state.primaries[name] === version.name,
    protectionLevel: 'SOFTWARE' as const,
  };
}
