/** From what a caller sent as a secret to what is sealed, and what may be shown of it. No error repeats any of it. */
import { createHash } from 'node:crypto';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { awsExternalId, type CredentialKind } from '@/lib/domains/credentials/rules';
import { readServiceAccount } from '@/lib/domains/credentials/service-account';

/** The secret as a worker gets it; every kind has its own fields. */
export type SecretFields = Record<string, string>;

export type ParsedSecret = {
  kind: CredentialKind;
  fields: SecretFields;
  /** An id by which people tell secrets apart; never characters of the secret. */
  secretHint: string;
  projectId: string | null;
  accountId: string | null;
  region: string | null;
};

/** The secret as it was sent, from what is stored of it; parseSecret made the fields of this kind. */
export function asSent(kind: CredentialKind, fields: SecretFields): CredentialSecretInput {
  if (kind === 'gcp_service_account') return { kind, service_account_json: JSON.stringify(fields) };
  // The external id is ours and follows from the customer.
  const { external_id: _external, ...sent } = fields;
  return { kind, ...sent } as CredentialSecretInput;
}

const nowhere = { projectId: null, accountId: null, region: null };
/** Tells keys apart that have no id of their own. */
const digitsOf = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 8);

/**
 * The parts of a secret of this customer. Throws AppError invalid_input with the path of what is wrong.
 * Source: docs/architecture.md, Credentials.
 */
export function parseSecret(input: CredentialSecretInput, customerId: string): ParsedSecret {
  const { kind } = input;
  switch (kind) {
    case 'gcp_service_account': {
      const fields = readServiceAccount(input.service_account_json);
      return { ...nowhere, kind, fields, secretHint: fields.private_key_id.slice(0, 8), projectId: fields.project_id };
    }
    case 'aws_access_key': {
      const { access_key_id, secret_access_key, region } = input;
      return {
        ...nowhere,
        kind,
        fields: { access_key_id, secret_access_key, region },
        secretHint: access_key_id,
        region,
      };
    }
    case 'aws_role': {
      const { role_arn, region } = input;
      const fields = { role_arn, external_id: awsExternalId(customerId), region };
      const accountId = role_arn.split(':')[4] ?? null;
      return { ...nowhere, kind, fields, secretHint: role_arn.split('/').at(-1) ?? '', accountId, region };
    }
    case 'azure_client_secret': {
      const { tenant_id, client_id, client_secret, subscription_id } = input;
      const fields = { tenant_id, client_id, client_secret, ...(subscription_id ? { subscription_id } : {}) };
      return { ...nowhere, kind, fields, secretHint: client_id, accountId: subscription_id ?? null };
    }
    case 'openai_api_key':
    case 'anthropic_api_key':
      return { ...nowhere, kind, fields: { api_key: input.api_key }, secretHint: digitsOf(input.api_key) };
    case 'github_token':
      return { ...nowhere, kind, fields: { token: input.token }, secretHint: digitsOf(input.token) };
    default:
      return input satisfies never;
  }
}
