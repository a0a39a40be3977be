/** The write key that a call names: by Basic authentication, as servers do, or in its body, as pages do. */
import type { SentBody } from '@/lib/domains/events/collect/check-body';
import { AppError } from '@/lib/platform/errors';

const basic = /^Basic +([A-Za-z0-9+/_-]{1,400}={0,2})$/i;

/** The user name of the header; null without one. Throws AppError unauthenticated where it says Basic and names nobody. */
export function keyOfHeader(authorization: string | null): string | null {
  if (authorization === null || !/^Basic\b/i.test(authorization)) return null;
  const encoded = basic.exec(authorization)?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  const key = colon < 0 ? text : text.slice(0, colon);
  if (key === '') throw new AppError('unauthenticated', 'The header Authorization names no write key.');
  return key;
}

/** The write key in a body. Throws AppError unauthenticated without one. */
export function keyOfBody({ value }: SentBody): string {
  if (typeof value.writeKey === 'string' && value.writeKey !== '') return value.writeKey;
  throw new AppError(
    'unauthenticated',
    'Send a write key: as the user of Basic authentication, or as writeKey in the body.',
  );
}
