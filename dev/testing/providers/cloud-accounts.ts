/** Credentials that the local double of the providers knows; each call makes one of its own, with nothing shared. */
import { generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { KnownCredential } from '@/dev/doubles/providers/state';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';

type Kind = CredentialSecretInput['kind'];
type Secret<K extends Kind> = Extract<CredentialSecretInput, { kind: K }>;
export type CloudAccount<K extends Kind = Kind> = {
  /** What a form or call sends. */
  secret: Secret<K>;
  /** What the double knows of it. */
  known: KnownCredential;
};

/** Where the double is; the settings of this process lead there. */
function controlUrl(): string {
  const base = process.env.OPENAI_BASE_URL;
  if (!base) throw new Error('no local double of the providers is set');
  return `${new URL(base).origin}/control/credentials`;
}

/** Tells the double of a credential, or that it is otherwise now: disabled, expired, down, slow, with other permissions. */
export async function setAccount(
  account: { known: KnownCredential },
  change: Partial<KnownCredential> = {},
): Promise<void> {
  Object.assign(account.known, change);
  const answer = await fetch(controlUrl(), { method: 'POST', body: JSON.stringify(account.known) });
  if (!answer.ok) throw new Error(`the double answered ${answer.status}: ${await answer.text()}`);
}

async function made<K extends Kind>(
  account: CloudAccount<K>,
  change: Partial<KnownCredential>,
): Promise<CloudAccount<K>> {
  await setAccount(account, change);
  return account;
}

const active = { state: 'active' as const };
const upper = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
const accountId = () => String(randomInt(10 ** 11, 10 ** 12));

/** A service account of a project, with a key pair of its own. */
export async function gcpAccount(
  change: Partial<KnownCredential> = {},
  project = `demo-${randomBytes(4).toString('hex')}`,
): Promise<CloudAccount<'gcp_service_account'>> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const id = `pipelines@${project}.iam.gserviceaccount.com`;
  const file = {
    type: 'service_account',
    project_id: project,
    private_key_id: randomBytes(20).toString('hex'),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: id,
    client_id: String(randomInt(10 ** 12)),
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const secret = { kind: 'gcp_service_account' as const, service_account_json: JSON.stringify(file) };
  const proof = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const permissions = ['resourcemanager.projects.get'];
  return made({ secret, known: { ...active, provider: 'gcp', id, secret: proof, permissions, home: project } }, change);
}

/** An access key of an AWS user. */
export async function awsAccount(change: Partial<KnownCredential> = {}): Promise<CloudAccount<'aws_access_key'>> {
  const id = `AKIA${upper(8)}`;
  const key = randomBytes(30).toString('base64');
  const secret = { kind: 'aws_access_key' as const, access_key_id: id, secret_access_key: key, region: 'eu-central-1' };
  return made(
    { secret, known: { ...active, provider: 'aws', id, secret: key, permissions: [], home: accountId() } },
    change,
  );
}

/** A role whose trust policy names this external id. */
export async function awsRole(
  externalId: string,
  change: Partial<KnownCredential> = {},
): Promise<CloudAccount<'aws_role'>> {
  const home = accountId();
  const id = `arn:aws:iam::${home}:role/tenantry`;
  const secret = { kind: 'aws_role' as const, role_arn: id, region: 'us-east-1' };
  return made(
    { secret, known: { ...active, provider: 'aws_role', id, secret: externalId, permissions: [], home } },
    change,
  );
}

/** An application of a tenant with a role in one subscription. */
export async function azureAccount(
  change: Partial<KnownCredential> = {},
): Promise<CloudAccount<'azure_client_secret'>> {
  const [home, id, subscription] = [randomUUID(), randomUUID(), randomUUID()];
  const value = `${randomBytes(3).toString('hex')}8Q~${randomBytes(24).toString('base64url')}`;
  const secret = {
    kind: 'azure_client_secret' as const,
    tenant_id: home,
    client_id: id,
    client_secret: value,
    subscription_id: subscription,
  };
  const known = { ...active, provider: 'azure' as const, id, secret: value, permissions: [subscription], home };
  return made({ secret, known }, change);
}

/** A key of OpenAI. */
export async function openaiAccount(change: Partial<KnownCredential> = {}): Promise<CloudAccount<'openai_api_key'>> {
  const key = `sk-proj-${randomBytes(36).toString('base64url')}`;
  const known = { ...active, provider: 'openai' as const, id: key, secret: '', permissions: ['models'], home: '' };
  return made({ secret: { kind: 'openai_api_key', api_key: key }, known }, change);
}

/** A key of Anthropic. */
export async function anthropicAccount(
  change: Partial<KnownCredential> = {},
): Promise<CloudAccount<'anthropic_api_key'>> {
  const key = `sk-ant-api03-${randomBytes(60).toString('base64url')}`;
  const known = { ...active, provider: 'anthropic' as const, id: key, secret: '', permissions: ['models'], home: '' };
  return made({ secret: { kind: 'anthropic_api_key', api_key: key }, known }, change);
}
