/** Addresses of sessions. Pure. */
import { utcDay } from '@/lib/platform/clock';

/** A session's page; `lastAt` says in which days its requests are looked for. */
export const sessionHref = (key: string, lastAt: Date): string =>
  `/traces/session?${new URLSearchParams({ id: key, day: utcDay(lastAt) })}`;

/** The session id; where there is none, that, with the start of the request's hash. */
export const sessionWords = (sessionId: string | null, hash: string): string =>
  sessionId ?? `No session, request ${hash.slice(0, 8)}`;
