/** The KMS double: Cloud KMS v1 over REST for local work, its keys kept in a file. Started as a process of its own. */
import { defineEmulator } from 'emulate';
import { ZodError } from 'zod';
import { runDouble } from '@/dev/doubles/double-server';
import { decrypt, encrypt } from '@/dev/doubles/kms/crypt';
import { GoogleError } from '@/dev/doubles/kms/google-error';
import * as keys from '@/dev/doubles/kms/keys';
import { emptyState, type KmsState, showKey } from '@/dev/doubles/kms/state';

type Call = { state: KmsState; name: string; query: URLSearchParams; body: unknown };
type Route = [method: string, path: RegExp, answer: (call: Call) => unknown];

const location = 'projects/[^/]+/locations/[^/]+';
const ring = `${location}/keyRings/[^/:]+`;
const key = `${ring}/cryptoKeys/[^/:]+`;
const version = `${key}/cryptoKeyVersions/[^/:]+`;
const path = (resource: string, rest = '') => new RegExp(`^/v1/(${resource})${rest}$`);

/** Every call it knows; the first group of the path is the resource's name. */
const routes: Route[] = [
  ['POST', path(location, '/keyRings'), c => keys.createKeyRing(c.state, c.name, c.query.get('keyRingId'))],
  ['GET', path(location, '/keyRings'), c => keys.list(c.state.keyRings, `${c.name}/keyRings/`, 'keyRings', c.query)],
  ['GET', path(ring), c => keys.findRing(c.state, c.name)],
  ['POST', path(ring, '/cryptoKeys'), c => keys.createKey(c.state, c.name, c.query, c.body)],
  [
    'GET',
    path(ring, '/cryptoKeys'),
    c => keys.list(c.state.cryptoKeys, `${c.name}/cryptoKeys/`, 'cryptoKeys', c.query, item => showKey(c.state, item)),
  ],
  ['GET', path(key), c => showKey(c.state, keys.findKey(c.state, c.name))],
  ['PATCH', path(key), c => keys.patchKey(c.state, c.name, c.query, c.body)],
  ['POST', path(`${key}|${version}`, ':encrypt'), c => encrypt(c.state, c.name, c.body)],
  ['POST', path(key, ':decrypt'), c => decrypt(c.state, c.name, c.body)],
  ['POST', path(key, ':updatePrimaryVersion'), c => keys.updatePrimaryVersion(c.state, c.name, c.body)],
  ['POST', path(key, '/cryptoKeyVersions'), c => keys.createVersion(c.state, c.name)],
  [
    'GET',
    path(key, '/cryptoKeyVersions'),
    c => keys.list(c.state.versions, `${c.name}/cryptoKeyVersions/`, 'cryptoKeyVersions', c.query),
  ],
  ['GET', path(version), c => keys.findVersion(c.state, c.name)],
  ['PATCH', path(version), c => keys.patchVersion(c.state, c.name, c.query, c.body)],
  ['POST', path(version, ':destroy'), c => keys.destroyVersion(c.state, c.name)],
  ['POST', path(version, ':restore'), c => keys.restoreVersion(c.state, c.name)],
];

function answerOf(state: KmsState, method: string, url: URL, body: unknown): unknown {
  for (const [routeMethod, pattern, answer] of routes) {
    const name = routeMethod === method ? pattern.exec(url.pathname)?.[1] : undefined;
    if (name) return answer({ state, name, query: url.searchParams, body });
  }
  throw new GoogleError('NOT_FOUND', `The local KMS has no ${method} ${url.pathname}.`);
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GoogleError('INVALID_ARGUMENT', 'The request body is not JSON.');
  }
}

export const kms = defineEmulator<KmsState>({
  name: 'kms',
  state: emptyState,
  setup({ app, state }) {
    app.get('/health', c => c.json({ ok: true }));
    const handle = async (request: Request) => {
      try {
        return Response.json(answerOf(state, request.method, new URL(request.url), await bodyOf(request)));
      } catch (error) {
        if (error instanceof GoogleError) return error.toResponse();
        if (!(error instanceof ZodError)) throw error;
        const text = error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ');
        return new GoogleError('INVALID_ARGUMENT', text).toResponse();
      }
    };
    for (const method of ['GET', 'POST', 'PATCH'] as const) app.on(method, '*', c => handle(c.req.raw));
  },
});

if (import.meta.main) await runDouble(kms);
