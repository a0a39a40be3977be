/** Secrets of the providers for tests and the demo: of the right form, made here, opening nothing. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { World } from '@/dev/testing/world';
import { createCredential } from '@/lib/domains/credentials/commands';
import type { createCredentialInput, credentialSecretInput } from '@/lib/domains/credentials/input';
import { newUuid, randomText } from '@/lib/platform/ids';

export type SecretSent = z.input<typeof credentialSecretInput>;

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
let pem: string | undefined;
/** Making a key takes a tenth of a second, so a process makes one. */
const privateKey = (): string =>
  (pem ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString());

/** The JSON file of a service account, with fields of it changed or, where undefined, left out. */
export const serviceAccountFile = (changed: Record<string, unknown> = {}): string =>
  JSON.stringify(
    {
      type: 'service_account',
      project_id: 'acme-data',
      private_key_id: hex(20),
      private_key: privateKey(),
      client_email: 'tenantry@acme-data.iam.gserviceaccount.com',
      client_id: '104512345678901234567',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: 'https://oauth2.googleapis.com/token',
      ...changed,
    },
    null,
    2,
  );

/** A secret of each kind, new at each call. */
export const secretOf = {
  gcp_service_account: (): SecretSent => ({
    kind: 'gcp_service_account',
    service_account_json: serviceAccountFile(),
  }),
  aws_access_key: (): SecretSent => ({
    kind: 'aws_access_key',
    access_key_id: `AKIA${hex(8).toUpperCase()}`,
    secret_access_key: `aA1${randomBytes(30).toString('base64').slice(0, 37)}`,
    region: 'eu-central-1',
  }),
  aws_role: (): SecretSent => ({ kind: 'aws_role', role_arn: `arn:aws:iam::123456789012:role/tenantry-${hex(3)}` }),
  azure_client_secret: (): SecretSent => ({
    kind: 'azure_client_secret',
    tenant_id: newUuid(),
    client_id: newUuid(),
    client_secret: `abc8Q~${hex(17)}`,
    subscription_id: newUuid(),
  }),
  openai_api_key: (): SecretSent => ({ kind: 'openai_api_key', api_key: `sk-proj-${hex(20)}` }),
  anthropic_api_key: (): SecretSent => ({ kind: 'anthropic_api_key', api_key: `sk-ant-api03-${hex(20)}` }),
  github_token: (): SecretSent => ({ kind: 'github_token', token: `github_pat_${hex(41)}` }),
};

/** A stored credential of the world's customer: an OpenAI key unless told otherwise. */
export async function storedCredential(
  world: World,
  input: Partial<z.input<typeof createCredentialInput>> = {},
): Promise<{ id: string; secret: SecretSent }> {
  const secret = input.secret ?? secretOf.openai_api_key();
  const sent = { name: `Credential ${randomText(6)}`, ...input, secret };
  const { result } = await createCredential(world.system, sent);
  return { id: result.credential_id, secret };
}
