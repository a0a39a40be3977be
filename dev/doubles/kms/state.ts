/** What the KMS double keeps: Cloud KMS v1 resources in their JSON form, and the key material of each version. */
export type KeyRing = { name: string; createTime: string };

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED' | 'DESTROY_SCHEDULED';

export type CryptoKeyVersion = {
  name: string;
  state: VersionState;
  protectionLevel: 'SOFTWARE';
  algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION';
  createTime: string;
  generateTime: string;
  destroyTime?: string;
};

export type CryptoKey = {
  name: string;
  purpose: 'ENCRYPT_DECRYPT';
  createTime: string;
  labels: Record<string, string>;
  rotationPeriod?: string;
  nextRotationTime?: string;
  versionTemplate: { protectionLevel: 'SOFTWARE'; algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' };
  destroyScheduledDuration: string;
};

export type KmsState = {
  keyRings: Record<string, KeyRing>;
  cryptoKeys: Record<string, CryptoKey>;
  /** Name of the primary version by key; null while there is none. */
  primaries: Record<string, string | null>;
  versions: Record<string, CryptoKeyVersion>;
  /** AES-256 keys by version name, base64. */
  material: Record<string, string>;
};

export const emptyState = (): KmsState => ({
  keyRings: {},
  cryptoKeys: {},
  primaries: {},
  versions: {},
  material: {},
});

/** A key as the API shows it: with its primary version inside. */
export function showKey(state: KmsState, key: CryptoKey): CryptoKey & { primary?: CryptoKeyVersion } {
  const primary = state.primaries[key.name];
  const version = primary ? state.versions[primary] : undefined;
  return version ? { ...key, primary: version } : key;
}
