/**
 * Whether the body of a request to the portal is read at all. Next reads a body whole before any code of ours runs, so this
 * stands before Next: strangers are answered at once, and nobody sends more, or for longer, than a form or a call needs.
 */
import type { IncomingMessage } from 'node:http';
import { NextRequest } from 'next/server';
import { lookUpKey } from '@/lib/domains/keys/verify';
import { lineageSizes } from '@/lib/domains/lineage/rules';
import { traceSizes } from '@/lib/domains/traces/rules';
import { bearerOf } from '@/lib/edge/http/authenticate';
import { maxBodyBytes } from '@/lib/edge/http/message';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { readSession } from '@/lib/edge/portal/sign-in/session';
import { AppError } from '@/lib/platform/errors';

/** Signing in sends a few short fields. */
const maxSignInBytes = 16_384;

type Headers = IncomingMessage['headers'];

/** Who may send a body below a path, and how much; the first that matches. */
const doors: { path: RegExp; maxBytes: number; who: 'anybody' | 'caller' | 'member' }[] = [
  // Their handlers read the body themselves, each with a bound of its own, once they know the key; or check its signature.
  { path: /^\/(v1|api\/webhooks)(\/|$)/, maxBytes: traceSizes.bodyBytes, who: 'anybody' },
  { path: /^\/api\/v1\/lineage(?:[/?]|$)/, maxBytes: lineageSizes.bodyBytes, who: 'anybody' },
  { path: /^\/api\/auth\//, maxBytes: maxSignInBytes, who: 'anybody' },
  { path: /^\/api\//, maxBytes: maxBodyBytes, who: 'caller' },
  { path: /^\//, maxBytes: maxBodyBytes, who: 'member' },
];

export const hasBody = (headers: Headers): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

async function hasSession(headers: Headers): Promise<boolean> {
  const jar = new NextRequest('http://portal/', { headers: { cookie: headers.cookie ?? '' } }).cookies;
  return (await readSession(jar.get(sessionCookieName())?.value)) !== null;
}

async function hasKey(headers: Headers): Promise<boolean> {
  const key = bearerOf(headers.authorization ?? null);
  return key !== undefined && (await lookUpKey(key)).valid;
}

const decodable = (path: string): boolean => {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
};

/** The one method of HTTP that Next makes no request of. */
const unknownMethod = 'TRACE';

/** What is wrong with a request's first line; Next would answer 500. */
export function targetProblem(target: string, method: string): AppError | null {
  if (method === unknownMethod) return new AppError('method_not_allowed', `Nothing here answers ${method}.`);
  if (!target.startsWith('/')) return new AppError('bad_request', 'The request names no path.');
  const [path = ''] = target.split('?');
  return path.includes('%') && !decodable(path) ? new AppError('bad_request', 'The path is not valid UTF-8.') : null;
}

/**
 * Why a body is not read: AppError body_too_large, or unauthenticated where nobody we know sends it; null where it is read.
 * Throws what the session's or the key's look-up throws.
 */
export async function bodyRefusal(target: string, headers: Headers): Promise<AppError | null> {
  const door = doors.find(({ path }) => path.test(target));
  if (!door) return null;
  if (Number(headers['content-length'] ?? 0) > door.maxBytes)
    return new AppError('body_too_large', `The body is over ${door.maxBytes} bytes.`);
  if (door.who === 'anybody') return null;
  const byKey = door.who === 'caller' && headers.authorization !== undefined;
  if (byKey ? await hasKey(headers) : await hasSession(headers)) return null;
  return byKey
    ? new AppError('invalid_key', 'This key is not known, or was revoked, or has expired.')
    : new AppError('unauthenticated', 'Sign in, or send an API key as a Bearer token.');
}
