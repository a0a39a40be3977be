/** What a request to next-auth must pass first: our own origin for a change, and a network's share of sign-ins. */

import { problemAnswer } from '@/lib/edge/http/message';
import { requireSameOrigin } from '@/lib/edge/http/origin';
import { requestInfo } from '@/lib/edge/http/request-info';
import { toWebResponse } from '@/lib/edge/http/web-request';
import { consume, type LimitRule } from '@/lib/kernel/limits';
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Steps of signing in (there are two) that one network (/24 or /48) may make in 10 minutes; many people may share one. */
export const signInRule: LimitRule = { name: 'sign-in', points: 120, seconds: 600 };

/** Our own machine: tests, and a proxy that does not say whom it forwards, who then would all share one allowance. */
const isOwnMachine = (prefix: string): boolean =>
  prefix === '127.0.0.0/24' || prefix.startsWith('0:') || prefix === '::/48';

/** The answer that refuses the request, or null where next-auth may have it. */
export async function guardSignIn(request: Request): Promise<Response | null> {
  const info = requestInfo(request.headers);
  if (request.method !== 'GET') {
    try {
      requireSameOrigin(request.headers);
    } catch (error) {
      return toWebResponse(problemAnswer(toAppError(error), info.requestId));
    }
  }
  const isStep = /\/api\/auth\/(signin|callback)\//.test(decodeURIComponent(new URL(request.url).pathname));
  if (!isStep || info.ipPrefix === null || isOwnMachine(info.ipPrefix)) return null;
  const { allowed, resetSeconds } = await consume(signInRule, info.ipPrefix);
  if (allowed) return null;
  log().warn({ request_id: info.requestId, ip_prefix: info.ipPrefix }, 'sign-ins of a network were refused');
  const headers = { location: '/signin?error=TooManySignIns', 'retry-after': String(resetSeconds) };
  return new Response(null, { status: 303, headers });
}
