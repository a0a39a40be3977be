/** Secrets at rest: AES-256-GCM under a random data key that Cloud KMS wraps, both bound to the row they belong to. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { kmsDecrypt, kmsEncrypt } from '@/lib/platform/kms';

/** The one place a secret may be opened in. Columns without a customer name `operator`. */
export type SealedPlace = { customerId: string; table: string; column: string; id: string };

type Envelope = { keyVersion: string; wrappedKey: Buffer; iv: Buffer; tag: Buffer; ciphertext: Buffer };

const formatVersion = 1;
const ivBytes = 12;
const tagBytes = 16;
const context = 'tenantry/sealed/1';

/** A field with its length before it, so that no two lists of fields have the same bytes. */
function lengthPrefixed(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}

const fields = (...values: (string | Buffer)[]): Buffer =>
  Buffer.concat(values.map(value => lengthPrefixed(typeof value === 'string' ? Buffer.from(value, 'utf8') : value)));

/** Canonical bytes of a place: the additional authenticated data of the wrapped key. */
export const placeBytes = (where: SealedPlace): Buffer =>
  fields(context, where.customerId, where.table, where.column, where.id);

/** The ciphertext's additional data covers the envelope's head too, so that every bit of it is authenticated. */
const boundBytes = (where: SealedPlace, keyVersion: string): Buffer =>
  Buffer.concat([Buffer.from([formatVersion]), placeBytes(where), fields(keyVersion)]);

/** Bytes of an envelope: version, KMS key version, wrapped key (each with its length), iv, tag, ciphertext. */
export function encodeEnvelope({ keyVersion, wrappedKey, iv, tag, ciphertext }: Envelope): Buffer {
  return Buffer.concat([Buffer.from([formatVersion]), fields(keyVersion, wrappedKey), iv, tag, ciphertext]);
}

/** The parts of an envelope. Throws where the bytes are not in our format. */
export function decodeEnvelope(bytes: Buffer): Envelope {
  let offset = 0;
  const take = (length: number): Buffer => {
    if (length < 0 || offset + length > bytes.length) throw new Error('the sealed value is cut short');
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const version = take(1)[0];
  if (version !== formatVersion) throw new Error(`sealed values of format ${version} are not known`);
  const keyVersion = take(take(4).readUInt32BE()).toString('utf8');
  const wrappedKey = take(take(4).readUInt32BE());
  return { keyVersion, wrappedKey, iv: take(ivBytes), tag: take(tagBytes), ciphertext: bytes.subarray(offset) };
}

/**
 * Seals a secret for one place. Calls KMS, so do it before a transaction opens.
 * Throws AppError key_service_unavailable. Source: docs/architecture.md, Secrets.
 */
export async function seal(plaintext: Buffer | string, where: SealedPlace): Promise<Buffer> {
  const dataKey = randomBytes(32);
  try {
    const { ciphertext: wrappedKey, keyVersion } = await kmsEncrypt(dataKey, placeBytes(where));
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', dataKey, iv);
    cipher.setAAD(boundBytes(where, keyVersion));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return encodeEnvelope({ keyVersion, wrappedKey, iv, tag: cipher.getAuthTag(), ciphertext });
  } finally {
    dataKey.fill(0);
  }
}

/**
 * Opens what `seal` made for the same place; the caller wipes the answer if it matters.
 * Throws AppError key_service_unavailable, or Error where the bytes were damaged or belong to another place.
 */
export async function open(sealed: Buffer, where: SealedPlace): Promise<Buffer> {
  const { keyVersion, wrappedKey, iv, tag, ciphertext } = decodeEnvelope(sealed);
  const dataKey = await kmsDecrypt(wrappedKey, placeBytes(where));
  try {
    const decipher = createDecipheriv('aes-256-gcm', dataKey, iv, { authTagLength: tagBytes });
    decipher.setAAD(boundBytes(where, keyVersion));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    throw new Error('the sealed value was damaged or belongs to another row', { cause });
  } finally {
    dataKey.fill(0);
  }
}

/** Name of the KMS key version that wraps a sealed value; the re-wrapping job seals anew what an old one wraps. */
export const sealedUnder = (sealed: Buffer): string => decodeEnvelope(sealed).keyVersion;
