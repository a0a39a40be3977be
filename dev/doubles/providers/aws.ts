/** AWS STS: GetCallerIdentity and AssumeRole. The one of emulate answers any key, so that it could not show a wrong one. */
import { randomBytes, randomUUID } from 'node:crypto';
import { isSignedWith, type SignedRequest, signerOf } from '@/dev/doubles/providers/signature';
import { keyOf, knownCredential, type ProvidersState } from '@/dev/doubles/providers/state';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const xml = (status: number, text: string) =>
  new Response(text, { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID() } });
const metadata = () => `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
const answered = (action: string, inner: string) =>
  xml(
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${inner}</${action}Result>${metadata()}</${action}Response>`,
  );
const refused = (status: number, code: string, message: string) =>
  xml(
    status,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );

type Caller = { arn: string; account: string; userId: string };

/** Who signed the request; else the service's refusal. */
async function callerOf(state: ProvidersState, request: SignedRequest): Promise<Caller | Response> {
  const signer = signerOf(request) ?? '';
  const session = state.tokens[signer];
  const known = session ? state.credentials[session.key] : await knownCredential(state, 'aws', signer);
  const secret = session?.secret ?? known?.secret;
  if (!known || secret === undefined || known.state === 'disabled')
    return refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  if (known.state === 'expired')
    return refused(403, 'ExpiredToken', 'The security token included in the request is expired');
  if (!isSignedWith(secret, request))
    return refused(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  const arn = session
    ? `arn:aws:sts::${known.home}:assumed-role/${known.id.split('/').at(-1)}/tenantry`
    : `arn:aws:iam::${known.home}:user/pipelines`;
  return { arn, account: known.home, userId: `AIDA${signer.slice(4)}` };
}

/** The role, for whoever names its external id; that a role is not there and that it is closed read the same. */
async function assumeRole(state: ProvidersState, caller: Caller, form: URLSearchParams): Promise<Response> {
  const arn = form.get('RoleArn') ?? '';
  const role = await knownCredential(state, 'aws_role', arn);
  if (role?.state !== 'active' || role.secret !== form.get('ExternalId'))
    return refused(
      403,
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    );
  const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const secret = randomBytes(30).toString('base64');
  state.tokens[id] = { key: keyOf('aws_role', arn), secret };
  const until = new Date(Date.now() + 900_000).toISOString();
  const session = randomBytes(48).toString('base64');
  const name = `${arn.split('/').at(-1)}/tenantry`;
  return answered(
    'AssumeRole',
    `<AssumedRoleUser><Arn>arn:aws:sts::${role.home}:assumed-role/${name}</Arn><AssumedRoleId>AROA:tenantry</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${session}</SessionToken><Expiration>${until}</Expiration></Credentials>`,
  );
}

/** POST /: the two actions of the service that a connection test needs. */
export async function sts(state: ProvidersState, request: SignedRequest): Promise<Response> {
  const form = new URLSearchParams(request.body);
  const caller = await callerOf(state, request);
  if (caller instanceof Response) return caller;
  const action = form.get('Action');
  if (action === 'AssumeRole') return assumeRole(state, caller, form);
  if (action !== 'GetCallerIdentity') return refused(400, 'InvalidAction', `Could not find operation ${action}`);
  const { arn, account, userId } = caller;
  return answered('GetCallerIdentity', `<Arn>${arn}</Arn><UserId>${userId}</UserId><Account>${account}</Account>`);
}
