/**
 * What was just done, said once on the page where the person lands. A cookie carries it from the action to that page: only codes and
 * ids, which the page turns into a sentence from what it may read itself, so that no link can make the portal say anything.
 */
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { NextRequest } from 'next/server';
import { cache } from 'react';
import { env } from '@/lib/platform/env';

export const noticeCookie = 'tenantry.notice';
/** Long enough for a slow page; whoever opens the same page later is told nothing. */
const lifeSeconds = 60;
/** The request header by which the proxy hands the cookie's text to the page. */
const noticeHeader = 'x-notice';

/** A page's path and what it is told there; a change that tells nothing does not compile. */
export type Told = `${string}?${string}`;

/** The cookie for a page's address, whose query says what was done: `/keys/key_1?done=renamed`. */
export function noticeFor(href: Told) {
  const secure = env().PORTAL_URL.startsWith('https://');
  // Not httpOnly: a page that has said it ends it in the browser, as an answer to an action cannot.
  return {
    name: noticeCookie,
    value: href,
    options: { path: '/', maxAge: lifeSeconds, sameSite: 'lax' as const, secure },
  };
}

const pathOf = (href: string): string => href.split('?')[0] ?? href;

/** Ends an action: leads to the page of `href`, which is told what its query says. */
export async function land(href: Told): Promise<never> {
  const { name, value, options } = noticeFor(href);
  (await cookies()).set(name, value, options);
  redirect(pathOf(href));
}

/** The notice that a request for a page carries, as that page is to be told it; null where there is none for its path. */
export function noticeOf(request: NextRequest): string | null {
  const value = request.cookies.get(noticeCookie)?.value;
  if (!value || request.method !== 'GET') return null;
  return pathOf(value) === request.nextUrl.pathname ? (value.split('?')[1] ?? null) : null;
}

/** Puts the notice among the headers that pages read; whatever a caller sent under that name is gone. */
export function passNotice(headersOfRequest: Headers, notice: string | null): void {
  headersOfRequest.delete(noticeHeader);
  if (notice) headersOfRequest.set(noticeHeader, notice);
}

/** What this page is told, by name; empty where it is told nothing. */
export const landing = cache(
  async (): Promise<Record<string, string>> =>
    Object.fromEntries(new URLSearchParams((await headers()).get(noticeHeader) ?? '')),
);
