/** Refuses changes that another site's page could have sent. */
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

/**
 * Checks that a browser's change comes from our own pages: Origin must be the portal's, or, where a browser sends none,
 * Sec-Fetch-Site must say same-origin. Throws bad_origin.
 */
export function requireSameOrigin(headers: { get(name: string): string | null }): void {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const own = new URL(env().PORTAL_URL).origin;
  const sameOrigin =
    origin === null ? site === 'same-origin' : origin === own && (site === null || site === 'same-origin');
  if (!sameOrigin) throw new AppError('bad_origin', 'This request did not come from the portal.');
}

/**
 * The path of a `next` parameter if it stays on our own origin, else `fallback`. Resolving dots can make a path that
 * begins with two slashes (`/.//evil.example`), which a browser reads as another host.
 */
export function safePath(next: unknown, fallback = '/'): string {
  const origin = 'https://portal.invalid';
  if (typeof next !== 'string' || !next.startsWith('/') || next.includes('\\')) return fallback;
  const url = URL.canParse(next, origin) ? new URL(next, origin) : null;
  return url?.origin === origin && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : fallback;
}
