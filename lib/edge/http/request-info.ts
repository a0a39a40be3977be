/** What we keep of a request: its id, a cut address, the user agent. */
import { env } from '@/lib/platform/env';
import { cutAddress, plainAddress } from '@/lib/platform/http/networks';
import { newUuid } from '@/lib/platform/ids';

export type RequestInfo = { requestId: string; ipPrefix: string | null; userAgent: string | null };

const saneRequestId = /^[A-Za-z0-9._-]{8,80}$/;

/**
 * The caller in X-Forwarded-For, where our own proxies have added `trusted` entries: that many from the end, because what
 * stands before is the caller's own word. A shorter list came past a proxy; its first entry is the farthest known then.
 */
export function forwardedCaller(forwarded: string | null, trusted: number): string | undefined {
  const entries = forwarded?.split(',') ?? [];
  return entries.at(-trusted) ?? entries[0];
}

type Headers = { get(name: string): string | null };

const callerOf = (headers: Headers, socketAddress?: string): string | undefined =>
  forwardedCaller(headers.get('x-forwarded-for'), env().TRUSTED_PROXIES) ?? socketAddress;

/** The sender's whole address, for what keeps it because its sender says so; null where it is not known. */
export const senderAddress = (headers: Headers, socketAddress?: string): string | null =>
  plainAddress(callerOf(headers, socketAddress));

/** What a request says of the program that sent it, at most 400 signs. */
export const userAgentOf = (headers: Headers): string | null => headers.get('user-agent')?.slice(0, 400) ?? null;

/** The caller's own id of the request where it is a sane one, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id') ?? '';
  return saneRequestId.test(given) ? given : newUuid();
}

/** Reads headers; `socketAddress` stands in where no proxy says whom it forwards. */
export function requestInfo(headers: Headers, socketAddress?: string): RequestInfo {
  return {
    requestId: requestIdOf(headers),
    ipPrefix: cutAddress(callerOf(headers, socketAddress)),
    userAgent: userAgentOf(headers),
  };
}
