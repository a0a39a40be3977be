/** The lists of models of OpenAI and of Anthropic, for whoever has a key. */
import { knownCredential, type ProvidersState } from '@/dev/doubles/providers/state';

const openaiRefused = (status: number, code: string | null, message: string) =>
  Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status });

/** GET /v1/models of OpenAI. Its refusal repeats parts of the key, as that of the service does. */
export async function openaiModels(state: ProvidersState, key: string): Promise<Response> {
  const known = await knownCredential(state, 'openai', key);
  if (!known) return openaiRefused(401, 'invalid_api_key', `Incorrect API key provided: ${key}.`);
  if (known.state !== 'active')
    return openaiRefused(401, 'account_deactivated', 'The OpenAI account of this key has been deactivated.');
  if (!known.permissions.includes('models'))
    return openaiRefused(
      403,
      null,
      'You have insufficient permissions for this operation. Missing scopes: api.model.read.',
    );
  const data = ['gpt-local-1', 'gpt-local-2'].map(id => ({ id, object: 'model', created: 1, owned_by: 'local' }));
  return Response.json({ object: 'list', data });
}

const anthropicRefused = (status: number, type: string, message: string) =>
  Response.json({ type: 'error', error: { type, message } }, { status });

/** GET /v1/models of Anthropic, which asks for a version. */
export async function anthropicModels(state: ProvidersState, headers: Headers): Promise<Response> {
  if (!headers.get('anthropic-version'))
    return anthropicRefused(400, 'invalid_request_error', 'anthropic-version: header is required');
  const known = await knownCredential(state, 'anthropic', headers.get('x-api-key') ?? '');
  if (known?.state !== 'active') return anthropicRefused(401, 'authentication_error', 'invalid x-api-key');
  if (!known.permissions.includes('models'))
    return anthropicRefused(403, 'permission_error', 'Your API key does not have permission to use this resource.');
  const data = [
    { type: 'model', id: 'claude-local-1', display_name: 'Claude Local', created_at: '2026-01-01T00:00:00Z' },
  ];
  return Response.json({ data, has_more: false, first_id: 'claude-local-1', last_id: 'claude-local-1' });
}
