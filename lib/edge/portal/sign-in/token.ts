/** What a session cookie holds, before Postgres is asked what of it still holds. */
import { decode } from 'next-auth/jwt';
import type { SessionToken } from '@/lib/edge/portal/sign-in/auth-options';
import { sessionMaxAgeSeconds } from '@/lib/edge/portal/sign-in/cookies';
import { systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

/** Seconds until a session of that sign-in is over; never more than sessionMaxAgeSeconds after it. */
export const restSeconds = ({ signedInAt }: Pick<SessionToken, 'signedInAt'>): number =>
  signedInAt + sessionMaxAgeSeconds - Math.floor(systemClock().getTime() / 1000);

/** What a cookie's value says; null when it is forged, not one of ours, or of a sign-in too long ago. */
export async function tokenOf(cookie: string): Promise<SessionToken | null> {
  const token = (await decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(
    () => null,
  )) as Partial<SessionToken> | null;
  if (typeof token?.userId !== 'string' || typeof token.sessionId !== 'string') return null;
  if (typeof token.signedInAt !== 'number' || restSeconds({ signedInAt: token.signedInAt }) <= 0) return null;
  return token as SessionToken;
}
