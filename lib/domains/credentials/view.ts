/** A credential as callers may see it: every column but the sealed ones, with its health at an instant. */
import {
  type CredentialHealth,
  type CredentialKind,
  type CredentialProvider,
  type CredentialType,
  healthOf,
  type StepResult,
  type ValidationStatus,
} from '@/lib/domains/credentials/rules';
import type { CloudCredential } from '@/lib/domains/credentials/tables';

export type CredentialView = {
  credential_id: string;
  name: string;
  provider: CredentialProvider;
  credential_type: CredentialType;
  kind: CredentialKind;
  health: CredentialHealth;
  secret_hint: string;
  secret_version: number;
  secret_stored_at: Date;
  /** Until when the secret before the last rotation may be fetched; null where none may. */
  previous_until: Date | null;
  project_id: string | null;
  account_id: string | null;
  region: string | null;
  scopes: string[];
  required_permissions: string[];
  expires_at: Date | null;
  last_validated_at: Date | null;
  validation_status: ValidationStatus | null;
  validation_error: string | null;
  last_check: StepResult[] | null;
  failing_since: Date | null;
  is_active: boolean;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string | null;
  last_used_at: Date | null;
  usage_count: number;
};

/** A stored credential without what must not be read to show it. */
export type ReadableCredential = Omit<CloudCredential, 'encryptedCredentials' | 'previousCredentials'>;

/** The view of a stored credential at `now`. */
export function viewOf(row: ReadableCredential, now: Date): CredentialView {
  const overlaps = row.previousUntil !== null && row.previousUntil > now;
  return {
    credential_id: row.credentialId,
    name: row.credentialName,
    provider: row.provider,
    credential_type: row.credentialType,
    kind: row.kind,
    health: healthOf(row, now),
    secret_hint: row.secretHint,
    secret_version: row.secretVersion,
    secret_stored_at: row.secretStoredAt,
    previous_until: overlaps ? row.previousUntil : null,
    project_id: row.projectId,
    account_id: row.accountId,
    region: row.region,
    scopes: row.scopes,
    required_permissions: row.requiredPermissions,
    expires_at: row.expiresAt,
    last_validated_at: row.lastValidatedAt,
    validation_status: row.validationStatus,
    validation_error: row.validationError,
    last_check: row.lastCheck,
    failing_since: row.failingSince,
    is_active: row.isActive,
    created_at: row.createdAt,
    created_by: row.createdBy,
    updated_at: row.updatedAt,
    updated_by: row.updatedBy,
    last_used_at: row.lastUsedAt,
    usage_count: row.usageCount,
  };
}
