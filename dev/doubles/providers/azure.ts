/** Microsoft's token endpoint for applications, and the list of Azure subscriptions. */
import { randomBytes } from 'node:crypto';
import { keyOf, knownCredential, type ProvidersState } from '@/dev/doubles/providers/state';

const refused = (status: number, error: string, code: number, text: string) =>
  Response.json({ error, error_description: `AADSTS${code}: ${text}`, error_codes: [code] }, { status });

/** POST /{tenant}/oauth2/v2.0/token of an application with a client secret. */
export async function azureToken(state: ProvidersState, tenant: string, body: string): Promise<Response> {
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials' || !form.get('scope')?.endsWith('/.default'))
    return refused(400, 'invalid_request', 900144, 'The request body must contain the parameters of the grant.');
  const id = form.get('client_id') ?? '';
  const known = await knownCredential(state, 'azure', id);
  const tenants = Object.values(state.credentials).filter(
    ({ provider, home }) => provider === 'azure' && home === tenant,
  );
  if (tenants.length === 0) return refused(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
  if (!known || known.home !== tenant)
    return refused(400, 'unauthorized_client', 700016, `Application with identifier '${id}' was not found.`);
  if (known.secret !== form.get('client_secret'))
    return refused(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  if (known.state === 'expired') return refused(401, 'invalid_client', 7000222, 'The client secret keys are expired.');
  if (known.state === 'disabled')
    return refused(401, 'unauthorized_client', 7000112, `Application '${id}' is disabled.`);
  const token = randomBytes(32).toString('base64url');
  state.tokens[token] = { key: keyOf('azure', id), secret: '' };
  return Response.json({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
}

/** GET /subscriptions: those that the application has a role in. */
export function azureSubscriptions(state: ProvidersState, token: string): Response {
  const known = state.credentials[state.tokens[token]?.key ?? ''];
  if (known?.provider !== 'azure')
    return Response.json(
      { error: { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' } },
      { status: 401 },
    );
  const value = known.permissions.map(subscriptionId => ({
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId: known.home,
    displayName: 'Subscription',
    state: 'Enabled',
  }));
  return Response.json({ value, count: { type: 'Total', value: value.length } });
}
