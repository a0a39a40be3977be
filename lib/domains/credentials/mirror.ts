/** cloud_credentials → customers.customer_cloud_credentials; the secret goes as the ciphertext it is. Source: docs/spec/requirements.md, C-04. */
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerCloudCredentialsRow, tables } from '@/lib/warehouse/rows/customers';

export const credentialsMirror = defineMirror<CloudCredential, CustomerCloudCredentialsRow>({
  name: 'customers.customer_cloud_credentials',
  shape: tables.customer_cloud_credentials,
  mode: 'upsert',
  ...mirrorSource(cloudCredentials, { key: cloudCredentials.credentialId, customer: cloudCredentials.customerId }),
  keyOf: row => row.credentialId,
  customerOf: row => row.customerId,
  toRow: row => ({
    credential_id: row.credentialId,
    customer_id: row.customerId,
    provider: row.provider,
    credential_type: row.credentialType,
    credential_name: row.credentialName,
    encrypted_credentials: row.encryptedCredentials,
    project_id: row.projectId,
    account_id: row.accountId,
    region: row.region,
    scopes: row.scopes,
    last_validated_at: row.lastValidatedAt,
    validation_status: row.validationStatus,
    validation_error: row.validationError,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    is_active: row.isActive,
    created_by: row.createdBy,
    updated_by: row.updatedBy,
    last_used_at: row.lastUsedAt,
    usage_count: row.usageCount,
    kind: row.kind,
    secret_hint: row.secretHint,
    secret_version: row.secretVersion,
    secret_stored_at: row.secretStoredAt,
    previous_until: row.previousUntil,
    expires_at: row.expiresAt,
    failing_since: row.failingSince,
  }),
});
