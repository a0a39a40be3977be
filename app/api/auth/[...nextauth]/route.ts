/** Sign-in with Google by next-auth, behind our own origin check and each network's allowance. */
import { cookies } from 'next/headers';
import NextAuth from 'next-auth';
import { problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { toWebResponse } from '@/lib/edge/http/web-request';
import { authOptions } from '@/lib/edge/portal/sign-in/auth-options';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { malformedSignInRequest } from '@/lib/edge/portal/sign-in/malformed-request';
import { organizationNamedBy } from '@/lib/edge/portal/sign-in/session';
import { guardSignIn } from '@/lib/edge/portal/sign-in/sign-in-guard';
import { AppError } from '@/lib/platform/errors';

type Context = { params: Promise<{ nextauth: string[] }> };

/**
 * What of next-auth we use. Its `session` stays closed: it would renew any cookie, also of a session that was ended, and
 * our pages ask lib/edge/portal/sign-in/session.ts.
 */
const openActions = new Set(['signin', 'callback', 'error', 'csrf', 'providers', 'signout']);

async function handler(request: Request, context: Context): Promise<Response> {
  const info = requestInfo(request.headers);
  const odd = malformedSignInRequest(request);
  if (odd) return toWebResponse(problemAnswer(odd, info.requestId));
  const [action = ''] = (await context.params).nextauth;
  const refused = await guardSignIn(request);
  if (refused) return refused;
  if (!openActions.has(action)) {
    const unknown = new AppError('not_found', 'Signing in has no such step.');
    return toWebResponse(problemAnswer(unknown, info.requestId));
  }
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const customerId = action === 'callback' ? await organizationNamedBy(cookie) : null;
  return NextAuth(authOptions({ customerId, request: info }))(request, context);
}

export { handler as GET, handler as POST };
