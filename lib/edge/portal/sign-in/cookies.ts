/** Cookie names and options of the portal; host-only, and secure wherever the portal is served over https. */
import { createHash, randomBytes } from 'node:crypto';
import { env } from '@/lib/platform/env';

export const sessionMaxAgeSeconds = 7 * 24 * 3600;

const isSecure = (): boolean => env().PORTAL_URL.startsWith('https://');
const named = (name: string): string => `${isSecure() ? '__Host-' : ''}tenantry.${name}`;
const options = () => ({ httpOnly: true, sameSite: 'lax' as const, path: '/', secure: isSecure() });

export const sessionCookieName = (): string => named('session');
export const csrfCookieName = (): string => named('csrf');
export const sessionCookieOptions = () => ({ ...options(), maxAge: sessionMaxAgeSeconds });
export const csrfCookieOptions = options;

/** The cookie table next-auth takes; sign-in steps live 15 minutes. */
export function authCookies() {
  const step = { ...options(), maxAge: 15 * 60 };
  return {
    sessionToken: { name: sessionCookieName(), options: options() },
    csrfToken: { name: csrfCookieName(), options: options() },
    callbackUrl: { name: named('callback'), options: options() },
    pkceCodeVerifier: { name: named('pkce'), options: step },
    state: { name: named('state'), options: step },
    nonce: { name: named('nonce'), options: step },
  };
}

/** A CSRF cookie as next-auth checks it: `token|sha256(token + secret)`. */
export function mintCsrfCookie(): string {
  const token = randomBytes(32).toString('hex');
  return `${token}|${createHash('sha256').update(`${token}${env().NEXTAUTH_SECRET}`).digest('hex')}`;
}

/** The token a form must send back, from the cookie's value. */
export const csrfTokenOf = (cookie: string | undefined): string => cookie?.split('|')[0] ?? '';
