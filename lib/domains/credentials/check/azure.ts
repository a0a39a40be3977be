/** Microsoft Azure: a token for the application, then the subscriptions that it sees. */
import { z } from 'zod';
import {
  type Learnt,
  permissionFailed,
  type StepFailed,
  signInExpired,
  signInFailed,
} from '@/lib/domains/credentials/check/findings';
import { type CheckCall, jsonOf } from '@/lib/domains/credentials/check/provider-call';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';

type AzureSecret = Extract<CredentialSecretInput, { kind: 'azure_client_secret' }>;

const tokenAnswer = z.object({ access_token: z.string().min(1) });
const refusedAnswer = z.object({ error_codes: z.array(z.number()).catch([]) });
const page = z.object({
  value: z.array(z.object({ subscriptionId: z.string() })).catch([]),
  nextLink: z.string().optional(),
});

const firstPage = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
const maxPages = 5;
const newSecret = 'Create a new client secret for the app registration and replace this one.';

/** By the code of Microsoft's error, which its texts begin with too. */
const refusals: Record<number, () => StepFailed> = {
  7000215: () =>
    signInFailed('The client secret is wrong.', 'Give the value of the secret, not its id. It is shown only once.'),
  7000222: () => signInExpired('The client secret has expired.', newSecret),
  7000112: () => signInFailed('The application is disabled in Microsoft Entra.', 'Enable it, or use another one.'),
  700016: () => signInFailed('The directory has no application with this client id.', 'Check client id and tenant id.'),
  90002: () => signInFailed('There is no directory with this tenant id.', 'Check the tenant id.'),
};

async function tokenOf(secret: AzureSecret, call: CheckCall): Promise<string> {
  const answer = await call.fetch(`https://login.microsoftonline.com/${secret.tenant_id}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: secret.client_id,
      client_secret: secret.client_secret,
      scope: 'https://management.azure.com/.default',
    }),
  });
  const body = await jsonOf(answer);
  const token = tokenAnswer.safeParse(body);
  if (answer.ok && token.success) return token.data.access_token;
  const codes = refusedAnswer.catch({ error_codes: [] }).parse(body).error_codes;
  const known = codes.flatMap(code => refusals[code] ?? []).at(0);
  throw known?.() ?? signInFailed('Microsoft did not accept the client secret.', newSecret);
}

/** Ids of the subscriptions, over a few pages at most; null where Azure does not tell. */
async function subscriptionsOf(token: string, call: CheckCall): Promise<string[] | null> {
  const found: string[] = [];
  let next: string | undefined = firstPage;
  for (let read = 0; next && read < maxPages; read++) {
    // A link of an answer is followed only to the host that it is the answer of.
    if (new URL(next).origin !== new URL(firstPage).origin) break;
    const answer: Response = await call.fetch(next, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) return null;
    const { value, nextLink } = page.catch({ value: [] }).parse(await jsonOf(answer));
    found.push(...value.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
    next = nextLink;
  }
  return found;
}

/** Source: docs/spec/requirements.md, C-58. */
export async function checkAzure(secret: AzureSecret, call: CheckCall): Promise<Learnt> {
  const token = await tokenOf(secret, call);
  call.findings.pass('sign_in', `Signed in as application ${secret.client_id}.`);
  const subscriptions = await subscriptionsOf(token, call);
  const giveRole = 'Give the application a role, such as Reader, in Access control (IAM) of the subscription.';
  if (!subscriptions?.length) throw permissionFailed('The application sees no subscription.', giveRole);
  const named = secret.subscription_id?.toLowerCase();
  if (named && !subscriptions.includes(named))
    throw permissionFailed(`Missing: a role of the application on subscription ${named}.`, giveRole);
  const seen = subscriptions.length === 1 ? '1 subscription' : `${subscriptions.length} subscriptions`;
  call.findings.pass('permission', named ? `Sees subscription ${named}.` : `Sees ${seen}.`);
  return { accountId: named ?? subscriptions[0] ?? '' };
}
