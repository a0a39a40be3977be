/** Amazon Web Services: whose access key this is, or whether a customer's role lets itself be taken. */
import { Readable } from 'node:stream';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Learnt, StepFailed, signInExpired, signInFailed } from '@/lib/domains/credentials/check/findings';
import { type CheckCall, notAsked } from '@/lib/domains/credentials/check/provider-call';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { awsExternalId } from '@/lib/domains/credentials/rules';
import { env } from '@/lib/platform/env';
import type { PinnedInit } from '@/lib/platform/http/pinned-fetch';

type KeySecret = Extract<CredentialSecretInput, { kind: 'aws_access_key' }>;
type RoleSecret = Extract<CredentialSecretInput, { kind: 'aws_role' }>;
type Identity = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
type Handler = Extract<NonNullable<STSClientConfig['requestHandler']>, { handle: unknown }>;
type SignedRequest = Parameters<Handler['handle']>[0];

const roleSessionSeconds = 900;

/** The library's requests over the pinned client: signed for their host, sent to the address that was judged. */
function handlerOver(call: CheckCall): Handler {
  const handle = async (request: SignedRequest) => {
    const { protocol, hostname, port, path, method, headers, body } = request;
    const url = `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`;
    const answer = await call.fetch(url, { method, headers, body } as PinnedInit);
    const response = {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Readable.from([Buffer.from(await answer.arrayBuffer())]),
    };
    return { response };
  };
  return { handle, metadata: { handlerProtocol: 'http/1.1' } } as unknown as Handler;
}

function clientOf(identity: Identity, region: string, call: CheckCall): STSClient {
  const { sessionToken, ...key } = identity;
  const endpoint = env().AWS_STS_URL;
  return new STSClient({
    region,
    credentials: sessionToken ? { ...key, sessionToken } : key,
    requestHandler: handlerOver(call),
    maxAttempts: 1,
    ...(endpoint ? { endpoint } : {}),
  });
}

/** The name of the service's error; what the client throws of its own goes on. */
function errorName(error: unknown): string {
  if (error instanceof StepFailed) throw error;
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (!$metadata?.httpStatusCode) throw error;
  return name ?? '';
}

async function identityOf(client: STSClient, call: CheckCall): Promise<{ arn: string; accountId: string }> {
  try {
    const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}));
    return { arn: Arn ?? 'an unnamed identity', accountId: Account ?? '' };
  } catch (error) {
    const name = errorName(error);
    const replace = 'Create a new access key in IAM and replace the secret.';
    if (name === 'ExpiredToken' || name === 'ExpiredTokenException')
      throw signInExpired('The access key has expired.', replace);
    if (name === 'RequestExpired' || name === 'RequestTimeTooSkewed')
      throw notAsked(call.title, call.findings, 'It and we do not agree on the time');
    if (name === 'SignatureDoesNotMatch')
      throw signInFailed(
        'The secret does not belong to this access key.',
        'Copy the secret access key again; AWS shows it once, so you may need a new key.',
      );
    if (name === 'RegionDisabledException')
      throw signInFailed('The account has not enabled this region.', 'Choose another region, or enable it.');
    throw signInFailed('The access key was disabled or deleted in AWS.', replace);
  }
}

const noPermissionAsked = 'AWS is not asked what it may do: there is no small call that tells.';

/** Source: docs/spec/requirements.md, C-58. */
export async function checkAwsKey(secret: KeySecret, call: CheckCall): Promise<Learnt> {
  const key = { accessKeyId: secret.access_key_id, secretAccessKey: secret.secret_access_key };
  const { arn, accountId } = await identityOf(clientOf(key, secret.region, call), call);
  call.findings.pass('sign_in', `Signed in as ${arn}.`);
  call.findings.pass('permission', noPermissionAsked, 'skipped');
  return { accountId };
}

/** The operator's own identity, which takes the roles that customers give. */
export function operatorIdentity(): Identity | null {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env();
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null;
}

function notSetUp(): StepFailed {
  const message = 'Taking roles is not set up by the operator of this portal.';
  return new StepFailed('sign_in', 'untested', { message, todo: `Write to ${env().SUPPORT_CONTACT}.` });
}

async function taken(secret: RoleSecret, customerId: string, operator: Identity, call: CheckCall): Promise<Identity> {
  const client = clientOf(operator, secret.region, call);
  const externalId = awsExternalId(customerId);
  const asked = {
    RoleArn: secret.role_arn,
    RoleSessionName: 'tenantry',
    ExternalId: externalId,
    DurationSeconds: roleSessionSeconds,
  };
  try {
    const { Credentials: made } = await client.send(new AssumeRoleCommand(asked));
    if (!made?.AccessKeyId || !made.SecretAccessKey) throw notAsked(call.title, call.findings, 'It gave no session');
    return {
      accessKeyId: made.AccessKeyId,
      secretAccessKey: made.SecretAccessKey,
      sessionToken: made.SessionToken,
    };
  } catch (error) {
    const name = errorName(error);
    // Anything else is about our own identity: the role was not even looked at.
    if (name !== 'AccessDenied' && name !== 'AccessDeniedException') throw notSetUp();
    throw signInFailed(
      'AWS does not let Tenantry take this role: it does not exist, or its trust policy does not name Tenantry with your external id.',
      `Allow sts:AssumeRole in the role’s trust policy for the external id ${externalId}.`,
    );
  }
}

/** Takes the role with the customer's external id, then asks who that makes us. */
export async function checkAwsRole(
  secret: RoleSecret,
  { customerId, operator }: { customerId: string; operator: Identity | null },
  call: CheckCall,
): Promise<Learnt> {
  if (!operator) throw notSetUp();
  const session = await taken(secret, customerId, operator, call);
  const { arn, accountId } = await identityOf(clientOf(session, secret.region, call), call);
  call.findings.pass('sign_in', `Took the role: ${arn}.`);
  call.findings.pass('permission', noPermissionAsked, 'skipped');
  return { accountId };
}
