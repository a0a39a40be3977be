/** Sign-in with Google by next-auth. */

import { cookies } from 'next/headers';
import NextAuth from 'next-auth';
import { authOptions } from '@/lib/edge/auth-options';
import { sessionCookieName } from '@/lib/edge/cookies';
import { readSession } from '@/lib/edge/session';

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: Request, context: Context): Promise<Response> {
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const session = cookie && new URL(request.url).pathname.includes('/callback/') ? await readSession(cookie) : null;
  return NextAuth(authOptions(session?.membership?.customerId))(request, context);
}

export { handler as GET, handler as POST };
