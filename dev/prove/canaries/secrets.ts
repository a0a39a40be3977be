/** Secrets made to be found again: each looks like one of a provider and holds a text that stands nowhere else. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { CredentialKind } from '@/lib/domains/credentials/rules';
import { randomText } from '@/lib/platform/ids';

export type Canary = {
  /** What POST /api/credentials takes as `secret`. */
  secret: Record<string, string>;
  /** The field that holds the secret text. */
  field: string;
  /** Part of the secret by which it is known; 24 characters at least. */
  needle: string;
};

/** One key pair serves several service accounts: making them takes long, and their needles differ by place. */
function privateKey(): string {
  const { privateKey: pem } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return pem;
}

function serviceAccount(): Canary {
  const pem = privateKey();
  const account = {
    type: 'service_account',
    project_id: 'canary-project',
    private_key_id: randomBytes(20).toString('hex'),
    private_key: pem,
    client_email: `canary-${randomBytes(4).toString('hex')}@canary-project.iam.gserviceaccount.com`,
    client_id: '100000000000000000000',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const lines = pem.split('\n');
  const secret = { kind: 'gcp_service_account', service_account_json: JSON.stringify(account) };
  return { secret, field: 'service_account_json', needle: (lines[10] ?? '').slice(0, 48) };
}

/** A text of letters and digits that stands nowhere else. */
const uniqueText = (): string => `Cn${randomText(30)}`;

const makers: Record<CredentialKind, () => Canary> = {
  gcp_service_account: serviceAccount,
  aws_access_key: () => {
    const needle = uniqueText();
    const secret = { kind: 'aws_access_key', access_key_id: `AKIA${randomBytes(8).toString('hex').toUpperCase()}` };
    return {
      secret: { ...secret, secret_access_key: `${needle}/${'x'.repeat(7)}` },
      field: 'secret_access_key',
      needle,
    };
  },
  // A role has no secret.
  aws_role: () => makers.aws_access_key(),
  azure_client_secret: () => {
    const needle = uniqueText();
    const ids = { tenant_id: crypto.randomUUID(), client_id: crypto.randomUUID() };
    const secret = { kind: 'azure_client_secret', ...ids, client_secret: `abc8Q~${needle}` };
    return { secret, field: 'client_secret', needle };
  },
  openai_api_key: () => {
    const needle = uniqueText();
    return { secret: { kind: 'openai_api_key', api_key: `sk-proj-${needle}` }, field: 'api_key', needle };
  },
  anthropic_api_key: () => {
    const needle = uniqueText();
    return { secret: { kind: 'anthropic_api_key', api_key: `sk-ant-${needle}` }, field: 'api_key', needle };
  },
  github_token: () => {
    const needle = uniqueText();
    return { secret: { kind: 'github_token', token: `github_pat_${needle}` }, field: 'token', needle };
  },
};

/** A secret of this kind. */
export const makeCanary = (kind: CredentialKind): Canary => makers[kind]();

/** How a text can stand in a store or an answer: as it is, in base64 at each of three offsets, in hex. */
export function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map(offset => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // The first and the last group hold bits of the neighbours.
    return encoded.slice(offset === 0 ? 0 : 4, -4);
  });
  return [text, ...base64, bytes.toString('hex'), encodeURIComponent(text)].filter(
    (form, index, all) => all.indexOf(form) === index,
  );
}
