/** What we keep of a request: its id, a cut address, the user agent. */
import { isIP } from 'node:net';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';

export type RequestInfo = { requestId: string; ipPrefix: string | null; userAgent: string | null };

const saneRequestId = /^[A-Za-z0-9._-]{8,80}$/;

/** The address cut to /24 (IPv4) or /48 (IPv6); null for anything that is no address. */
export function cutAddress(address: string | null | undefined): string | null {
  const plain = (address ?? '').trim().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(plain) !== 6) return null;
  const [head = ''] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const first = [...groups, '0', '0', '0'].slice(0, 3);
  return `${first.join(':')}::/48`;
}

/**
 * The caller in X-Forwarded-For, where our own proxies have added `trusted` entries: that many from the end, because what
 * stands before is the caller's own word. A shorter list came past a proxy; its first entry is the farthest known then.
 */
export function forwardedCaller(forwarded: string | null, trusted: number): string | undefined {
  const entries = forwarded?.split(',') ?? [];
  return entries.at(-trusted) ?? entries[0];
}

/** Reads headers; `socketAddress` stands in where no proxy says whom it forwards. */
export function requestInfo(headers: { get(name: string): string | null }, socketAddress?: string): RequestInfo {
  const given = headers.get('x-request-id') ?? '';
  const caller = forwardedCaller(headers.get('x-forwarded-for'), env().TRUSTED_PROXIES);
  return {
    requestId: saneRequestId.test(given) ? given : newUuid(),
    ipPrefix: cutAddress(caller ?? socketAddress),
    userAgent: headers.get('user-agent')?.slice(0, 400) ?? null,
  };
}
