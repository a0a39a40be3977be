/** Copies of api_keys in BigQuery: customers.customer_api_keys whole, and the tenant's api_keys without the ciphertext. */
import { type ApiKey, apiKeys } from '@/lib/domains/keys/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerApiKeysRow, tables as customersTables } from '@/lib/warehouse/rows/customers';
import { type ApiKeysRow, tables as metadataTables } from '@/lib/warehouse/rows/metadata';

/** Both mirrors follow the same rows. */
const source = {
  mode: 'upsert',
  ...mirrorSource(apiKeys, { key: apiKeys.apiKeyId, customer: apiKeys.customerId }),
  keyOf: (key: ApiKey) => key.apiKeyId,
  customerOf: (key: ApiKey) => key.customerId,
} as const;

/** customers.customer_api_keys. Source: docs/spec/requirements.md, C-03. */
export const customerApiKeysMirror = defineMirror<ApiKey, CustomerApiKeysRow>({
  ...source,
  name: 'customers.customer_api_keys',
  shape: customersTables.customer_api_keys,
  toRow: key => ({
    api_key_id: key.apiKeyId,
    customer_id: key.customerId,
    api_key_hash: key.apiKeyHash,
    encrypted_api_key: key.encryptedApiKey,
    key_name: key.keyName,
    scopes: key.scopes,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedMirroredAt,
    is_active: key.isActive,
    created_by: key.createdBy,
    deactivated_by: key.deactivatedBy,
    deactivated_at: key.deactivatedAt,
    deactivation_reason: key.deactivationReason,
    rate_limit_tier: key.rateLimitTier,
    key_prefix: key.keyPrefix,
    key_last4: key.keyLast4,
    rotated_from: key.rotatedFrom,
    updated_at: key.updatedAt,
    credential_ids: key.credentialIds ?? [],
  }),
});

/** The tenant's own api_keys. Source: docs/spec/requirements.md, M-17 to M-22. */
export const tenantApiKeysMirror = defineMirror<ApiKey, ApiKeysRow>({
  ...source,
  name: 'tenant.api_keys',
  shape: metadataTables.api_keys,
  toRow: key => ({
    api_key_id: key.apiKeyId,
    tenant_id: key.customerId,
    api_key_hash: key.apiKeyHash,
    created_at: key.createdAt,
    created_by: key.createdBy,
    expires_at: key.expiresAt,
    is_active: key.isActive,
    last_used_at: key.lastUsedMirroredAt,
    description: key.keyName,
  }),
});

/** What a change to these keys makes out of date in BigQuery. */
export const keyRefs = (...keys: ApiKey[]): MirrorRef[] =>
  keys.flatMap(key => [customerApiKeysMirror.ref(key), tenantApiKeysMirror.ref(key)]);
