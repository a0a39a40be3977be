/** Planned outages: the next calls of a path fail as the control API asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StripeError } from '@/dev/doubles/stripe/errors';
import type { PlannedFailure } from '@/dev/doubles/stripe/events/events-state';
import type { StripeState } from '@/dev/doubles/stripe/state';

const params = z.strictObject({
  path: z.string().startsWith('/v1/'),
  method: z.enum(['GET', 'POST', 'DELETE', '*']).default('*'),
  times: z.int().min(0).max(100_000).default(1),
  status: z.union([z.int().min(400).max(599), z.enum(['hang', 'lost'])]).default(500),
});

/** Longer than any client waits. */
const hangMs = 120_000;

/** Plans failures of a path, in the place of those planned for it before. */
export function addFailure(state: StripeState, given: unknown): { failures: PlannedFailure[] } {
  const planned = params.parse(given);
  state.failures = state.failures.filter(({ path, method }) => path !== planned.path || method !== planned.method);
  if (planned.times > 0) state.failures.push(planned);
  return { failures: state.failures };
}

const fits = (failure: PlannedFailure, method: string, path: string) =>
  (failure.method === '*' || failure.method === method) &&
  (failure.path.endsWith('*') ? path.startsWith(failure.path.slice(0, -1)) : failure.path === path);

/** Stripe's answer where this call is planned to fail, before anything is done for it; a lost one is done by `run` first. */
export async function failurePlanned(
  state: StripeState,
  request: Request,
  run: () => Promise<Response>,
): Promise<Response | undefined> {
  const failure = state.failures.find(planned => fits(planned, request.method, new URL(request.url).pathname));
  if (!failure) return undefined;
  failure.times--;
  if (failure.times <= 0) state.failures = state.failures.filter(other => other !== failure);
  if (failure.status === 'hang') {
    await sleep(hangMs, undefined, { signal: request.signal, ref: false }).catch(() => undefined);
    return new Response(null, { status: 504 });
  }
  if (failure.status === 'lost') {
    await run();
    return Response.json(new StripeError(502, 'The answer was lost on its way.', { type: 'api_error' }).body(), {
      status: 502,
    });
  }
  const type = failure.status >= 500 ? 'api_error' : 'invalid_request_error';
  const code = failure.status === 429 ? { code: 'rate_limit' } : {};
  const error = new StripeError(failure.status, 'A failure that the control API of the local Stripe planned.', {
    type,
    ...code,
  });
  return Response.json(error.body(), { status: failure.status });
}
