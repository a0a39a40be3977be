/** next-auth: Google with PKCE, state and nonce; a JWT session that carries only ids. Source: docs/architecture.md, Identity. */
import type { NextAuthOptions } from 'next-auth';
import GoogleProvider, { type GoogleProfile } from 'next-auth/providers/google';
import { endSession } from '@/lib/domains/team/sign-in/ended-sessions';
import { recordSignIn } from '@/lib/domains/team/sign-in/sign-in';
import type { RequestInfo } from '@/lib/edge/http/request-info';
import { authCookies, sessionMaxAgeSeconds } from '@/lib/edge/portal/sign-in/cookies';
import { systemCtx } from '@/lib/kernel/ctx';
import { env, shareAddressWithNextAuth } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';

/** What our session cookie holds, encrypted by next-auth. */
export type SessionToken = {
  userId: string;
  /** Names this session; signing out ends it, and so does gaining power, whoever has a copy of the cookie. */
  sessionId: string;
  /** The verified address, for the staff allow-list. */
  email: string;
  /** Google Workspace domain the issuer vouched for, if any. */
  hostedDomain: string | null;
  customerId: string | null;
  sessionVersion: number;
  /** Session versions of the person's memberships when they signed in, by customer; those that were never raised are left out. */
  memberVersions?: Record<string, number>;
  /** When Google vouched for the person (seconds); the session's age counts from it, however often its cookie is renewed. */
  signedInAt: number;
};

/** Ends the session that a token is of. No cookie of it is taken longer than one of a sign-in of now. */
export async function endTokenSession(token: object | null): Promise<void> {
  const { sessionId } = (token ?? {}) as Partial<SessionToken>;
  if (typeof sessionId !== 'string') return;
  await endSession(sessionId, new Date(Date.now() + sessionMaxAgeSeconds * 1000));
}

/** Where a sign-in comes from: the organization the browser was in, and what is kept of the request. */
export type SignInOrigin = { customerId?: string | null; request?: RequestInfo };

/** The version of a membership whose role was never raised; a cookie needs no entry for it. */
export const firstVersion = 1;

const googleIssuer = 'https://accounts.google.com';

function googleProvider() {
  const issuer = env().GOOGLE_ISSUER;
  const provider = GoogleProvider({
    clientId: env().GOOGLE_CLIENT_ID,
    clientSecret: env().GOOGLE_CLIENT_SECRET,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { prompt: 'select_account', scope: 'openid email profile' } },
  });
  if (issuer === googleIssuer) return provider;
  return {
    ...provider,
    issuer,
    wellKnown: `${issuer}/.well-known/openid-configuration`,
    client: { token_endpoint_auth_method: 'client_secret_post' as const },
  };
}

/**
 * Options of next-auth; a function because the environment is read at run time. Who signs in again stays in the
 * organization the browser was in; whether they belong to it is read on every request in any case.
 */
export function authOptions({ customerId = null, request }: SignInOrigin = {}): NextAuthOptions {
  shareAddressWithNextAuth();
  return {
    providers: [googleProvider()],
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionMaxAgeSeconds },
    cookies: authCookies(),
    useSecureCookies: env().PORTAL_URL.startsWith('https://'),
    pages: { signIn: '/signin', error: '/signin', signOut: '/signin' },
    logger: {
      error: (code, details) =>
        log().warn({ code, details: details instanceof Error ? details.message : undefined }, 'sign-in failed'),
      warn: () => undefined,
      debug: () => undefined,
    },
    callbacks: {
      signIn: ({ profile }) => (profile as GoogleProfile | undefined)?.email_verified === true,
      redirect: ({ url, baseUrl }) => {
        const target = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : null;
        return target?.origin === new URL(env().PORTAL_URL).origin ? target.href : baseUrl;
      },
      jwt: async ({ token, account, profile }) => {
        if (!account || !profile) return token;
        const google = profile as GoogleProfile;
        const { result } = await recordSignIn(
          { ...systemCtx('sign-in'), ...request },
          {
            email: google.email,
            googleSub: env().GOOGLE_SUB_STABLE ? google.sub : null,
            fullName: google.name ?? null,
            avatarUrl: google.picture ?? null,
          },
        );
        const session: SessionToken = {
          userId: result.userId,
          sessionId: newUuid(),
          email: result.email,
          hostedDomain: google.hd ?? null,
          // Another account may sign in where the browser was in an organization of the one before.
          customerId: result.memberships.some(own => own.customerId === customerId) ? customerId : null,
          sessionVersion: result.sessionVersion,
          memberVersions: Object.fromEntries(
            result.memberships
              .filter(own => own.sessionVersion > firstVersion)
              .map(own => [own.customerId, own.sessionVersion]),
          ),
          signedInAt: Math.floor(Date.now() / 1000),
        };
        return { ...session };
      },
      session: ({ session }) => session,
    },
    events: { signOut: ({ token }) => endTokenSession(token) },
  };
}
