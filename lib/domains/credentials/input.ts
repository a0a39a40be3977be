/** What callers may send about cloud credentials; forms and JSON alike. Secrets are written, never read back. */
import { z } from 'zod';
import { credentialProviders, defaultOverlapSeconds, overlapChoices } from '@/lib/domains/credentials/rules';
import { lineInput, nameInput } from '@/lib/kernel/names';

export const credentialName = nameInput('Give the credential a name.');
export const credentialId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a credential.');

const secretText = (missing: string, longest = 4_000) =>
  z.string({ error: missing }).trim().min(1, missing).max(longest);
const uuidText = (what: string) => z.uuid({ error: `Give the ${what}, such as 72f988bf-86f1-41af-91ab-2d7cd011db47.` });
const awsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]{2,12}){1,3}-\d$/, 'Use the name of an AWS region, such as eu-central-1.')
  .default('us-east-1');

/** The secret itself; `kind` says which form it is. Nothing of it is echoed by an error. */
export const credentialSecretInput = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('gcp_service_account'),
      /** The JSON file as Google Cloud made it, as text. */
      service_account_json: secretText('Paste the JSON file of the service account.', 20_000),
    }),
    z.strictObject({
      kind: z.literal('aws_access_key'),
      access_key_id: z
        .string()
        .trim()
        .regex(/^AKIA[A-Z0-9]{16}$/, 'An access key id has AKIA and 16 letters and digits.'),
      secret_access_key: z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9/+=]{40}$/, 'A secret access key has 40 characters.'),
      region: awsRegion,
    }),
    z.strictObject({
      kind: z.literal('aws_role'),
      role_arn: z
        .string()
        .trim()
        .regex(
          /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
          'Use an ARN such as arn:aws:iam::123456789012:role/tenantry.',
        ),
      region: awsRegion,
    }),
    z.strictObject({
      kind: z.literal('azure_client_secret'),
      tenant_id: uuidText('directory (tenant) id'),
      client_id: uuidText('application (client) id'),
      client_secret: secretText('Give the value of the client secret.', 200),
      subscription_id: uuidText('subscription id').optional(),
    }),
    z.strictObject({
      kind: z.literal('openai_api_key'),
      api_key: z
        .string()
        .trim()
        .regex(/^sk-[\w-]{20,300}$/, 'An OpenAI API key begins with sk-.'),
    }),
    z.strictObject({
      kind: z.literal('anthropic_api_key'),
      api_key: z
        .string()
        .trim()
        .regex(/^sk-ant-[\w-]{20,300}$/, 'An Anthropic API key begins with sk-ant-.'),
    }),
    z.strictObject({
      kind: z.literal('github_token'),
      token: z
        .string()
        .trim()
        .regex(
          /^(?:gh[opsu]_[A-Za-z\d_]{20,250}|github_pat_[A-Za-z\d_]{20,250})$/,
          'A token of GitHub begins with github_pat_ or ghp_.',
        ),
    }),
  ],
  { error: 'Choose the kind of credential.' },
);
export type CredentialSecretInput = z.output<typeof credentialSecretInput>;

const permission = z
  .string()
  .trim()
  .regex(/^[A-Za-z][\w.:*/-]{2,199}$/, 'This is not the name of a permission.');
/** Permissions that a connection test asks for, in the provider's words; only Google Cloud can be asked. */
const requiredPermissions = z.array(permission).max(20, 'Name at most 20 permissions.').default([]);

/** When the secret stops working, as its provider says; null where it does not. */
const expiry = z.iso
  .datetime({ offset: true, error: 'Use a time such as 2026-12-01T00:00:00Z, or null for never.' })
  .transform(text => new Date(text))
  .refine(instant => !Number.isNaN(instant.getTime()), 'This time does not exist.')
  .nullable();
const expiresAt = expiry.default(null);

const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

export const createCredentialInput = z.strictObject({
  name: credentialName,
  secret: credentialSecretInput,
  required_permissions: requiredPermissions,
  expires_at: expiresAt,
  request_token: requestToken,
});

/** A test of a secret that is not stored. */
export const testSecretInput = z.strictObject({
  secret: credentialSecretInput,
  required_permissions: requiredPermissions,
});
export const testCredentialInput = z.strictObject({ credential_id: credentialId });

/** `secret` stays where it is left out; a new one takes the place of the old one at once. */
export const editCredentialInput = z.strictObject({
  credential_id: credentialId,
  name: credentialName.optional(),
  secret: credentialSecretInput.optional(),
  required_permissions: z.array(permission).max(20, 'Name at most 20 permissions.').optional(),
  expires_at: expiry.optional(),
});

const overlapSeconds = overlapChoices.map(choice => choice.seconds);
/** A new secret, while the one before may be fetched until the overlap ends. */
export const rotateCredentialInput = z.strictObject({
  credential_id: credentialId,
  secret: credentialSecretInput,
  expires_at: expiresAt,
  overlap_seconds: z
    .literal(overlapSeconds, { error: `Choose one of ${overlapSeconds.join(', ')}.` })
    .default(defaultOverlapSeconds),
});
export const endOverlapInput = z.strictObject({ credential_id: credentialId });
export const deleteCredentialInput = z.strictObject({ credential_id: credentialId });

/** What a worker asks; `version` names the secret before a rotation while its overlap lasts. */
export const fetchCredentialInput = z.strictObject({ version: z.coerce.number().int().min(1).optional() });

export const healthFilters = ['healthy', 'failing', 'expires_soon', 'expired', 'untested', 'all'] as const;
export const credentialSorts = ['created', 'name', 'expires', 'last_used'] as const;

/** Filters, order and page of the list; what the address bar holds. */
export const listCredentialsInput = z.strictObject({
  q: lineInput(80).default(''),
  provider: z.enum(credentialProviders).optional(),
  health: z.enum(healthFilters).default('all'),
  sort: z.enum(credentialSorts).default('created'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListCredentialsInput = z.output<typeof listCredentialsInput>;
