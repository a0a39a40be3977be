/** The call that a new key is tried with: the first its scopes allow, in every language, with a gap where the key goes. */
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { languageNames, languages } from '@/app/docs/_samples/languages';
import type { SampleValue } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import type { FirstCall } from '@/lib/edge/portal/form-state';
import type { Permission } from '@/lib/kernel/permissions';

export type TriedCall = {
  scope: Permission;
  method: 'GET' | 'POST';
  path: `/v1/${string}` | `/api/${string}`;
  body?: SampleValue;
  /** What it does, one sentence. */
  does: string;
};

/** In the order in which a key's scopes are tried. Scopes that only change something have none: a sample must be harmless. */
export const triedCalls: readonly TriedCall[] = [
  {
    scope: 'runs:write',
    method: 'POST',
    path: '/v1/runs',
    body: { pipeline_id: 'first_call', trigger_type: 'api', trigger_by: 'first call', lease_seconds: 600 },
    does: 'It starts a run, which counts for today. A worker completes it; this one ends as failed after 10 minutes.',
  },
  { scope: 'quota:read', method: 'GET', path: '/v1/quota', does: 'It reads what is left of today and of this month.' },
  { scope: 'runs:read', method: 'GET', path: '/v1/runs', does: 'It lists the latest runs.' },
  { scope: 'providers:read', method: 'GET', path: '/v1/provider-configs', does: 'It lists what is to run.' },
  {
    scope: 'traces:write',
    method: 'POST',
    path: '/v1/traces',
    body: { model: 'openai/gpt-4o', tokens_in: 250, tokens_out: 150, developer_id: 'dev@example.com' },
    does: 'It sends one request to a model, which counts as AI usage.',
  },
  { scope: 'traces:read', method: 'GET', path: '/api/traces/imports', does: 'It lists imported files of AI usage.' },
  { scope: 'events:read', method: 'GET', path: '/api/sources', does: 'It lists event sources.' },
  { scope: 'agent-log:read', method: 'GET', path: '/api/agent-log/tools', does: 'It lists tools that agents called.' },
  { scope: 'desk:query', method: 'GET', path: '/api/desk/tables', does: 'It lists the tables that can be queried.' },
  { scope: 'pull-requests:read', method: 'GET', path: '/api/pull-requests', does: 'It lists pull requests.' },
  { scope: 'keys:read', method: 'GET', path: '/api/keys', does: 'It lists API keys, without their secrets.' },
  { scope: 'team:read', method: 'GET', path: '/api/team', does: 'It lists members.' },
  { scope: 'billing:read', method: 'GET', path: '/api/subscriptions', does: 'It reads the plan.' },
];

/** How each is run from a shell, and the file that it is saved as. */
const howTo = {
  curl: 'Paste it into a terminal.',
  python: 'Save it as first_call.py, then: python3 first_call.py',
  typescript: 'Save it as first-call.mts, then: node first-call.mts (Node 22.18 or later)',
} as const;

/** Stands where the key goes; the browser that was given the key puts it in. */
export const keyGap = '{{key}}';

type Addresses = { dataPlane: string; portal: string };

/** What the page that shows a new key tells about using it. */
export function firstCallOf(keyId: string, scopes: readonly string[], addresses: Addresses): FirstCall {
  const tried = triedCalls.find(({ scope }) => scopes.includes(scope));
  const keyHref = `/keys/${keyId}`;
  const common = { callsHref: `/api/keys/${keyId}/calls?days=1`, keyHref, keyGap };
  if (!tried) return { ...common, does: null, samples: [] };
  const { method, path, body, does } = tried;
  const { code } = requestSample('first-call', does, {
    method,
    address: path.startsWith('/v1/') ? addresses.dataPlane : addresses.portal,
    path: [path],
    auth: 'none',
    headers: { Authorization: `Bearer ${keyGap}` },
    body,
  });
  return {
    ...common,
    does,
    runsHref: tried.scope === 'runs:write' ? runsHref({ key: keyId }) : undefined,
    samples: languages.map(language => ({
      language,
      title: languageNames[language],
      code: code[language],
      how: howTo[language],
    })),
  };
}
