/** Key rings, keys and versions of the KMS double: create, get, list, rotate, disable, destroy. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { GoogleError } from '@/dev/doubles/kms/google-error';
import { type CryptoKey, type CryptoKeyVersion, type KeyRing, type KmsState, showKey } from '@/dev/doubles/kms/state';

const idPattern = /^[a-zA-Z0-9_-]{1,63}$/;
/** JSON enums may come by number, as Google's own clients send them. */
const enumOf = <Name extends string>(numbers: Record<Name, number>, refusal?: string) => {
  const names = Object.keys(numbers) as Name[];
  return z.preprocess(value => names.find(name => numbers[name] === value) ?? value, z.enum(names, refusal));
};
const keyBody = z.object({
  purpose: enumOf({ ENCRYPT_DECRYPT: 1 }, 'The local KMS holds keys of purpose ENCRYPT_DECRYPT only.'),
  labels: z.record(z.string(), z.string()).default({}),
  rotationPeriod: z.string().optional(),
  nextRotationTime: z.string().optional(),
});
const settableState = enumOf({ ENABLED: 1, DISABLED: 2 });

function checkId(field: string, id: string | null): string {
  if (id && idPattern.test(id)) return id;
  throw new GoogleError('INVALID_ARGUMENT', `${field} must match ${idPattern.source}.`);
}

export function createKeyRing(state: KmsState, parent: string, id: string | null): KeyRing {
  const name = `${parent}/keyRings/${checkId('key_ring_id', id)}`;
  if (state.keyRings[name]) throw new GoogleError('ALREADY_EXISTS', `KeyRing ${name} already exists.`);
  const ring = { name, createTime: new Date().toISOString() };
  state.keyRings[name] = ring;
  return ring;
}

export function findRing(state: KmsState, name: string): KeyRing {
  const ring = state.keyRings[name];
  if (!ring) throw new GoogleError('NOT_FOUND', `KeyRing ${name} not found.`);
  return ring;
}

export function findKey(state: KmsState, name: string): CryptoKey {
  const key = state.cryptoKeys[name];
  if (!key) throw new GoogleError('NOT_FOUND', `CryptoKey ${name} not found.`);
  return key;
}

export function findVersion(state: KmsState, name: string): CryptoKeyVersion {
  const version = state.versions[name];
  if (!version) throw new GoogleError('NOT_FOUND', `CryptoKeyVersion ${name} not found.`);
  return version;
}

/** A key; unless the query says not to, its first version becomes its primary. */
export function createKey(state: KmsState, ring: string, query: URLSearchParams, body: unknown) {
  findRing(state, ring);
  const name = `${ring}/cryptoKeys/${checkId('crypto_key_id', query.get('cryptoKeyId'))}`;
  if (state.cryptoKeys[name]) throw new GoogleError('ALREADY_EXISTS', `CryptoKey ${name} already exists.`);
  const key: CryptoKey = {
    name,
    ...keyBody.parse(body),
    createTime: new Date().toISOString(),
    versionTemplate: { protectionLevel: 'SOFTWARE', algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' },
    destroyScheduledDuration: '2592000s',
  };
  state.cryptoKeys[name] = key;
  state.primaries[name] = null;
  if (query.get('skipInitialVersionCreation') !== 'true') state.primaries[name] = createVersion(state, name).name;
  return showKey(state, key);
}

/** A new version with fresh material; as on the service it does not become the primary by itself. */
export function createVersion(state: KmsState, keyName: string): CryptoKeyVersion {
  findKey(state, keyName);
  const prefix = `${keyName}/cryptoKeyVersions/`;
  const number = Object.keys(state.versions).filter(name => name.startsWith(prefix)).length + 1;
  const now = new Date().toISOString();
  const version: CryptoKeyVersion = {
    name: `${prefix}${number}`,
    state: 'ENABLED',
    protectionLevel: 'SOFTWARE',
    algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION',
    createTime: now,
    generateTime: now,
  };
  state.versions[version.name] = version;
  state.material[version.name] = randomBytes(32).toString('base64');
  return version;
}

export function updatePrimaryVersion(state: KmsState, keyName: string, body: unknown) {
  const key = findKey(state, keyName);
  const { cryptoKeyVersionId } = z.object({ cryptoKeyVersionId: z.string() }).parse(body);
  const version = findVersion(state, `${keyName}/cryptoKeyVersions/${cryptoKeyVersionId}`);
  if (version.state !== 'ENABLED') {
    throw new GoogleError('FAILED_PRECONDITION', `${version.name} is not enabled, current state is: ${version.state}.`);
  }
  state.primaries[keyName] = version.name;
  return showKey(state, key);
}

/** Labels and rotation of a key: the fields of the mask only. */
export function patchKey(state: KmsState, name: string, query: URLSearchParams, body: unknown) {
  const key = findKey(state, name);
  const given = keyBody.partial().parse(body);
  for (const field of maskOf(query)) {
    if (field === 'labels') key.labels = given.labels ?? {};
    else if (field === 'rotationPeriod') key.rotationPeriod = given.rotationPeriod;
    else if (field === 'nextRotationTime') key.nextRotationTime = given.nextRotationTime;
    else throw new GoogleError('INVALID_ARGUMENT', `Field ${field} cannot be updated.`);
  }
  return showKey(state, key);
}

/** Enables or disables a version. */
export function patchVersion(state: KmsState, name: string, query: URLSearchParams, body: unknown): CryptoKeyVersion {
  const version = findVersion(state, name);
  if (maskOf(query).join() !== 'state') throw new GoogleError('INVALID_ARGUMENT', 'Only state can be updated.');
  const wanted = z.object({ state: settableState }).parse(body).state;
  if (version.state !== 'ENABLED' && version.state !== 'DISABLED') {
    throw new GoogleError('FAILED_PRECONDITION', `${name} is in state ${version.state}.`);
  }
  version.state = wanted;
  return version;
}

export function destroyVersion(state: KmsState, name: string): CryptoKeyVersion {
  const version = findVersion(state, name);
  if (version.state.startsWith('DESTROY'))
    throw new GoogleError('FAILED_PRECONDITION', `${name} is in state ${version.state}.`);
  version.state = 'DESTROY_SCHEDULED';
  version.destroyTime = new Date(Date.now() + 30 * 86_400_000).toISOString();
  return version;
}

export function restoreVersion(state: KmsState, name: string): CryptoKeyVersion {
  const version = findVersion(state, name);
  if (version.state !== 'DESTROY_SCHEDULED') {
    throw new GoogleError('FAILED_PRECONDITION', `${name} is in state ${version.state}.`);
  }
  version.state = 'DISABLED';
  delete version.destroyTime;
  return version;
}

function maskOf(query: URLSearchParams): string[] {
  const fields = (query.get('updateMask') ?? '').split(',').filter(Boolean);
  if (fields.length === 0) throw new GoogleError('INVALID_ARGUMENT', 'update_mask is required.');
  return fields.map(field => field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

/** One page of the resources right below a parent, by name. */
export function list<Item extends { name: string }>(
  items: Record<string, Item>,
  prefix: string,
  field: string,
  query: URLSearchParams,
  show: (item: Item) => unknown = item => item,
) {
  const all = Object.values(items).filter(
    ({ name }) => name.startsWith(prefix) && !name.slice(prefix.length).includes('/'),
  );
  const size = Math.min(Number(query.get('pageSize')) || 100, 1_000);
  const from = Number(query.get('pageToken') ?? 0) || 0;
  const nextPageToken = from + size < all.length ? String(from + size) : '';
  return { [field]: all.slice(from, from + size).map(show), nextPageToken, totalSize: all.length };
}
