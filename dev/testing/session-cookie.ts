/** Session cookies of tests, as signing in makes them. */
import { encode } from 'next-auth/jwt';
import type { SessionToken } from '@/lib/edge/portal/sign-in/auth-options';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';

type Signed = Pick<SessionToken, 'userId' | 'email'>;

/** The token of someone who signed in this second, in a session of its own. */
export const sessionToken = ({ userId, email }: Signed, changes: Partial<SessionToken> = {}): SessionToken => ({
  userId,
  email,
  sessionId: newUuid(),
  hostedDomain: null,
  customerId: null,
  sessionVersion: 1,
  signedInAt: Math.floor(Date.now() / 1000),
  ...changes,
});

/** The cookie's value for a token, whatever it holds. */
export const sealedToken = (token: object, secret = env().NEXTAUTH_SECRET): Promise<string> =>
  encode({ token: token as never, secret });
