/** What browsers ask before and after a page of another origin sends events. No cookie has a part in it. */
import type { EdgeRequest } from '@/lib/edge/http/message';

const always = 'authorization, content-type, content-encoding, x-retry-count';
const askable = /^[a-z0-9-]{1,60}(?:\s*,\s*[a-z0-9-]{1,60}){0,30}$/i;
const daySeconds = 86_400;

/**
 * The answer to a preflight. Whose source it is stands in the call itself, so any page may ask; which may send is decided
 * then. Headers that a page has its SDK add are allowed by name, as `*` does not stand for all of them.
 */
export function preflightHeaders({ headers }: EdgeRequest, methods: string): Record<string, string> {
  const asked = headers.get('access-control-request-headers');
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    'access-control-allow-headers': asked !== null && askable.test(asked) ? asked : always,
    'access-control-max-age': String(daySeconds),
    vary: 'Access-Control-Request-Headers',
  };
}

/** Lets the page read the answer: any page while the source names none, else those it names. */
export function readableBy(allowedOrigins: readonly string[], origin: string | null): Record<string, string> {
  if (allowedOrigins.length === 0) return { 'access-control-allow-origin': '*' };
  const isListed = origin !== null && allowedOrigins.includes(origin.toLowerCase());
  return isListed ? { 'access-control-allow-origin': origin, vary: 'Origin' } : { vary: 'Origin' };
}
