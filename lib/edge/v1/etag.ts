/** Answers of which a caller asks only whether they changed: a strong ETag, and 304 to who has it (RFC 9110 §13.1.2). */
import { createHash } from 'node:crypto';
import type { Answer } from '@/lib/edge/v1/define-route';

/** A strong ETag made of what decides every byte of the answer. */
export const etagOf = (...parts: (string | number | null)[]): string =>
  `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}"`;

/** Whether one of the tags in If-None-Match is this one; a weak one counts, as the comparison for GET is weak. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(',').map(tag => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

/** 200 with the body, or 304 without one where the caller has it already. */
export function conditional<Body>(etag: string, ifNoneMatch: string | null, body: () => Body): Answer<Body> {
  // The caller may keep the answer, and asks each time whether it still holds.
  const headers = { etag, 'cache-control': 'private, no-cache' };
  if (matches(ifNoneMatch, etag)) return { status: 304, body: null, headers };
  return { status: 200, body: body(), headers };
}
