/** Google's token endpoint for service accounts, and testIamPermissions of a project. */
import { randomBytes, verify } from 'node:crypto';
import { keyOf, knownCredential, type ProvidersState } from '@/dev/doubles/providers/state';

const tokenUrl = 'https://oauth2.googleapis.com/token';
const refusedGrant = (description: string) =>
  Response.json({ error: 'invalid_grant', error_description: description }, { status: 400 });
const refused = (code: number, status: string, message: string) =>
  Response.json({ error: { code, message, status } }, { status: code });

type Claims = { iss?: string; aud?: string; scope?: string };

function claimsOf(assertion: string): Claims {
  try {
    return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  } catch {
    return {};
  }
}

function isSignedBy(publicKey: string, assertion: string): boolean {
  const [head, claims, signature] = assertion.split('.');
  const signed = Buffer.from(`${head}.${claims}`);
  return verify('RSA-SHA256', signed, publicKey, Buffer.from(signature ?? '', 'base64url'));
}

/** POST /token: a token for a signed assertion. A deleted or disabled key reads as a wrong signature, as on the service. */
export async function gcpToken(state: ProvidersState, body: string): Promise<Response> {
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return Response.json({ error: 'unsupported_grant_type' }, { status: 400 });
  const assertion = form.get('assertion') ?? '';
  const { iss = '', aud, scope } = claimsOf(assertion);
  if (aud !== tokenUrl || !scope) return refusedGrant('Invalid JWT: Failed audience check.');
  const known = await knownCredential(state, 'gcp', iss);
  if (!known) return refusedGrant('Invalid grant: account not found');
  if (known.state !== 'active' || !isSignedBy(known.secret, assertion)) return refusedGrant('Invalid JWT Signature.');
  const token = `ya29.${randomBytes(24).toString('base64url')}`;
  state.tokens[token] = { key: keyOf('gcp', iss), secret: '' };
  return Response.json({ access_token: token, expires_in: 3599, token_type: 'Bearer' });
}

/** POST /v1/projects/{project}:testIamPermissions: those of the named permissions that are granted. */
export function testIamPermissions(
  state: ProvidersState,
  { project, token, body }: { project: string; token: string; body: string },
): Response {
  const known = state.credentials[state.tokens[token]?.key ?? ''];
  if (known?.provider !== 'gcp')
    return refused(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (known.home !== project) return refused(403, 'PERMISSION_DENIED', 'The caller does not have permission');
  const { permissions = [] } = JSON.parse(body) as { permissions?: string[] };
  const unknown = permissions.find(name => name.split('.').length < 3);
  if (unknown) return refused(400, 'INVALID_ARGUMENT', `Permission ${unknown} is not valid for this resource.`);
  const granted = permissions.filter(name => known.permissions.includes(name));
  return Response.json(granted.length > 0 ? { permissions: granted } : {});
}
