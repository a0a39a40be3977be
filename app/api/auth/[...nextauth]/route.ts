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

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: Request, context: Context): Promise<Response> {
  const odd = oddSignInRequest(request);
  if (odd) return toWebResponse(problemAnswer(odd, requestInfo(request.headers).requestId));
  const refused = await guardSignIn(request);
  if (refused) return refused;
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const session = cookie && new URL(request.url).pathname.includes('/callback/') ? await readSession(cookie) : null;
  return NextAuth(authOptions(session?.membership?.customerId))(request, context);
}

export { handler as GET, handler as POST };
