/** Finds the route of a request, and gives its answer or its error the shape and headers of Stripe's. */
import { StripeError } from '@/dev/doubles/stripe/errors';
import { asRequest } from '@/dev/doubles/stripe/events/events';
import { expandPaths } from '@/dev/doubles/stripe/expand';
import { type Form, parseForm } from '@/dev/doubles/stripe/form';
import { once } from '@/dev/doubles/stripe/idempotency';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';

export type Call = { state: StripeState; id: string; form: Form };
/** Method, path (`:id` stands for one part) and what answers it. */
export type Route = [method: 'GET' | 'POST' | 'DELETE', path: string, answer: (call: Call) => unknown];

function match(routes: Route[], method: string, path: string): { route: Route; id: string } {
  const parts = path.split('/');
  for (const route of routes) {
    const pattern = route[1].split('/');
    const same = pattern.length === parts.length && pattern.every((part, at) => part === ':id' || part === parts[at]);
    if (route[0] === method && same) return { route, id: decodeURIComponent(parts[pattern.indexOf(':id')] ?? '') };
  }
  throw new StripeError(404, `Unrecognized request URL (${method}: ${path}).`);
}

function checkKey(request: Request): void {
  const key = /^Bearer (sk_test_\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!key)
    throw new StripeError(
      401,
      'You did not provide a valid API key: the local Stripe takes any that begins with sk_test_.',
    );
}

/** One call of the API from inside the double, as its pages make them. Throws StripeError. */
export function dispatch(
  state: StripeState,
  routes: Route[],
  method: Route[0],
  path: string,
  form: Form = {},
): unknown {
  const { route, id } = match(routes, method, path);
  return expandPaths(state, route[2]({ state, id, form }), form.expand);
}

/** Answers one request. */
export async function answer(state: StripeState, routes: Route[], request: Request): Promise<Response> {
  const headers: Record<string, string> = { 'request-id': newId('req', 7) };
  try {
    checkKey(request);
    const url = new URL(request.url);
    const { route, id } = match(routes, request.method, url.pathname);
    const text = request.method === 'POST' ? await request.text() : url.search.slice(1);
    const form = parseForm(text);
    const key = request.method === 'POST' ? (request.headers.get('idempotency-key') ?? undefined) : undefined;
    const origin = { id: headers['request-id'] ?? null, idempotency_key: key ?? null };
    const run = () => asRequest(origin, () => expandPaths(state, route[2]({ state, id, form }), form.expand));
    const { status, body, replayed } = once(state, key, `${request.method} ${url.pathname}\n${text}`, run);
    if (key) headers['idempotency-key'] = key;
    if (replayed) headers['idempotent-replayed'] = 'true';
    return Response.json(body, { status, headers });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return Response.json(error.body(), { status: error.status, headers });
  }
}
