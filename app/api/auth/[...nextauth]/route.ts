/** Sign-in with Google by next-auth, behind our own origin check and each network's allowance. */
import { cookies } from 'next/headers';
import NextAuth from 'next-auth';
import { authOptions } from '@/lib/edge/auth-options';
import { sessionCookieName } from '@/lib/edge/cookies';
import { oddSignInRequest } from '@/lib/edge/odd-sign-in';
import { requestInfo } from '@/lib/edge/request-info';
import { readSession } from '@/lib/edge/session';
import { guardSignIn } from '@/lib/edge/sign-in-guard';
import { problemAnswer } from '@/lib/edge/v1/http';
import { toWebResponse } from '@/lib/edge/web-request';
import { AppError } from '@/lib/platform/errors';

type Context = { params: Promise<{ nextauth: string[] }> };

/**
 * What of next-auth we use. Its `session` stays closed: it would renew any cookie, also of a session that was ended, and
 * our pages ask lib/edge/session.ts.
 */
const openActions = new Set(['signin', 'callback', 'error', 'csrf', 'providers', 'signout']);

async function handler(request: Request, context: Context): Promise<Response> {
  const info = requestInfo(request.headers);
  const odd = oddSignInRequest(request);
  if (odd) return toWebResponse(problemAnswer(odd, info.requestId));
  const [action = ''] = (await context.params).nextauth;
  const refused = await guardSignIn(request);
  if (refused) return refused;
  if (!openActions.has(action)) {
    const unknown = new AppError('not_found', 'Signing in has no such step.');
    return toWebResponse(problemAnswer(unknown, info.requestId));
  }
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const session = cookie && action === 'callback' ? await readSession(cookie) : null;
  return NextAuth(authOptions({ customerId: session?.membership?.customerId, request: info }))(request, context);
}

export { handler as GET, handler as POST };
