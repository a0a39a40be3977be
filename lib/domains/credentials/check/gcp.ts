/** Google Cloud: a token for the service account, then which of the permissions it has on its project. */
import { createPrivateKey } from 'node:crypto';
import { JWT } from 'google-auth-library';
import { z } from 'zod';
import { type Learnt, permissionFailed, StepFailed, signInFailed } from '@/lib/domains/credentials/check/findings';
import { type CheckCall, jsonOf, notAsked } from '@/lib/domains/credentials/check/provider-call';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import type { PinnedInit } from '@/lib/platform/http/pinned-fetch';

type GcpSecret = Extract<CredentialSecretInput, { kind: 'gcp_service_account' }>;

const account = z.object({
  project_id: z.string().regex(/^[a-z][a-z0-9:.-]{2,62}$/),
  client_email: z.string().min(3).max(320),
  private_key: z.string().min(1),
});
type Account = z.output<typeof account>;

/** Asked for where a credential names no permissions: every role on a project has it. */
const defaultPermissions = ['resourcemanager.projects.get'];
const scope = 'https://www.googleapis.com/auth/cloud-platform';
const newKey = 'Create a new key in Google Cloud and replace the secret.';

function accountOf({ service_account_json }: GcpSecret): Account {
  const broken = (what: string) => signInFailed(`The file is not that of a service account: ${what}.`, newKey);
  let file: unknown;
  try {
    file = JSON.parse(service_account_json);
  } catch {
    throw broken('it is no JSON');
  }
  const parsed = account.safeParse(file);
  if (!parsed.success)
    throw broken(`${parsed.error.issues[0]?.path.join('.') || 'everything'} is missing or malformed`);
  try {
    createPrivateKey(parsed.data.private_key);
  } catch {
    throw signInFailed('The private key in the file cannot be read.', newKey);
  }
  return parsed.data;
}

/** Why Google gave no token, by its own error codes and phrases. */
function refusalOf(answer: Record<string, unknown>, call: CheckCall): StepFailed {
  const text = String(answer.error_description ?? '');
  if (/signature/i.test(text))
    return signInFailed(
      'The key was disabled or deleted in Google Cloud.',
      `${newKey.replace(' in Google Cloud', '')}`,
    );
  if (/account|email|issuer/i.test(text))
    return signInFailed('The service account was disabled or deleted.', 'Enable it, or use another service account.');
  if (/short-lived|iat|exp/i.test(text))
    return notAsked(call.title, call.findings, 'It and we do not agree on the time');
  return signInFailed('Google Cloud did not accept the key.', newKey);
}

async function tokenOf({ client_email, private_key }: Account, call: CheckCall): Promise<string> {
  let last: Response | undefined;
  const client = new JWT({
    email: client_email,
    key: private_key,
    scopes: [scope],
    transporterOptions: {
      // One try each: the library would ask again for longer than the test may take.
      retryConfig: { shouldRetry: () => false },
      fetchImplementation: async (url, init) => {
        last = await call.fetch(url as string | URL, init as PinnedInit);
        return last.clone();
      },
    },
  });
  try {
    const { access_token } = await client.authorize();
    if (access_token) return access_token;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof StepFailed) throw cause;
    if (error instanceof StepFailed) throw error;
    if (!last) throw error;
  }
  throw refusalOf(last ? await jsonOf(last) : {}, call);
}

/** Source: docs/spec/requirements.md, C-58. */
export async function checkGcp(secret: GcpSecret, required: string[], call: CheckCall): Promise<Learnt> {
  const found = accountOf(secret);
  const { project_id: projectId } = found;
  const token = await tokenOf(found, call);
  call.findings.pass('sign_in', `Signed in as ${found.client_email}.`);
  const permissions = required.length > 0 ? required : defaultPermissions;
  const url = `https://cloudresourcemanager.googleapis.com/v1/projects/${encodeURIComponent(projectId)}:testIamPermissions`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await call.fetch(url, { method: 'POST', headers, body: JSON.stringify({ permissions }) });
  const body = await jsonOf(answer);
  if (answer.status === 400)
    throw permissionFailed(
      `Google Cloud does not know one of these as a permission of a project: ${permissions.join(', ')}.`,
      'Correct the names, such as resourcemanager.projects.get.',
    );
  if (!answer.ok)
    throw permissionFailed(
      `The service account may not ask about project ${projectId}.`,
      'Enable the Cloud Resource Manager API in the project, and give the account a role on it.',
    );
  const granted = z.array(z.string()).catch([]).parse(body.permissions);
  const scopes = permissions.filter(name => granted.includes(name));
  const missing = permissions.filter(name => !granted.includes(name));
  if (missing.length > 0)
    throw permissionFailed(
      `Missing: ${missing.join(', ')} on project ${projectId}.`,
      'Give the service account a role with it in IAM.',
      { scopes, projectId },
    );
  call.findings.pass('permission', `Has ${scopes.join(', ')} on project ${projectId}.`);
  return { scopes, projectId };
}
