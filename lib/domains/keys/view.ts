/** A key as callers may see it: every column but hash and ciphertext, with its status at an instant. */
import { type KeyStatus, type RateTier, statusOfKey } from '@/lib/domains/keys/rules';
import type { ApiKey, ServiceKey } from '@/lib/domains/keys/tables';

export type KeyView = {
  api_key_id: string;
  name: string;
  key_prefix: string;
  key_last4: string;
  scopes: string[];
  /** The stored credentials that it may fetch; null where its scopes decide alone. */
  credential_ids: string[] | null;
  status: KeyStatus;
  rate_limit_tier: RateTier;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  deactivated_by: string | null;
  deactivated_at: Date | null;
  deactivation_reason: string | null;
  rotated_from: string | null;
  replaced_by: string | null;
};

type Readable<Key> = Omit<Key, 'apiKeyHash' | 'encryptedApiKey'>;
/** A stored key without what must not be read to show it. */
export type ReadableKey = Readable<ApiKey>;

/** The view of a stored key at `now`. Service keys are never rotated. */
export function viewOf(key: ReadableKey | Readable<ServiceKey>, now: Date): KeyView {
  const rotation =
    'rotatedFrom' in key
      ? { rotatedFrom: key.rotatedFrom, replacedBy: key.replacedBy, credentialIds: key.credentialIds }
      : { rotatedFrom: null, replacedBy: null, credentialIds: null };
  return {
    api_key_id: key.apiKeyId,
    name: key.keyName,
    key_prefix: key.keyPrefix,
    key_last4: key.keyLast4,
    scopes: key.scopes,
    credential_ids: rotation.credentialIds,
    status: statusOfKey({ ...key, replaced: rotation.replacedBy !== null }, now),
    rate_limit_tier: key.rateLimitTier,
    created_by: key.createdBy,
    created_at: key.createdAt,
    updated_at: key.updatedAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    deactivated_by: key.deactivatedBy,
    deactivated_at: key.deactivatedAt,
    deactivation_reason: key.deactivationReason,
    rotated_from: rotation.rotatedFrom,
    replaced_by: rotation.replacedBy,
  };
}
