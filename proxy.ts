/** Runs before every page and route: gives the request its id and the answer its content security policy. Authorises nothing, but bounds how many pages a browser may open. */
import { type NextRequest, NextResponse } from 'next/server';
import { pageSizeCookie, toPageSize } from '@/app/_ui/page-sizes';
import { noticeCookie, noticeOf, passNotice } from '@/lib/edge/portal/landing';
import { contentSecurityPolicy, newNonce, requestIdOf } from '@/lib/edge/portal/security-headers';
import { csrfCookieName, csrfCookieOptions, mintCsrfCookie } from '@/lib/edge/portal/sign-in/cookies';
import { tooManyViews } from '@/lib/edge/portal/view-limit';
import { env } from '@/lib/platform/env';

const oneYearSeconds = 31_536_000;

export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname } = request.nextUrl;
  if (pathname !== '/' && pathname.endsWith('/')) return withoutSlash(request);
  const settings = env();
  const requestId = requestIdOf(request.headers);
  const refused = await tooManyViews(request);
  if (refused) return refused;
  const policy = contentSecurityPolicy({
    nonce: newNonce(),
    formTargets: [
      settings.GOOGLE_ISSUER,
      ...(settings.STRIPE_API_URL
        ? [settings.STRIPE_API_URL]
        : ['https://checkout.stripe.com', 'https://billing.stripe.com']),
    ],
    development: settings.NODE_ENV === 'development',
  });
  const csrf = mintedCsrf(request);
  const notice = noticeOf(request);
  const headers = new Headers(request.headers);
  headers.set('x-request-id', requestId);
  passNotice(headers, notice);
  // Pages cannot read their own address; sign-in needs it to come back.
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search);
  // Next takes the nonce for its own scripts from this header.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('x-request-id', requestId);
  response.headers.set('content-security-policy', policy);
  if (settings.PORTAL_URL.startsWith('https:')) {
    response.headers.set('strict-transport-security', `max-age=${oneYearSeconds}; includeSubDomains`);
  }
  const size = request.nextUrl.pathname.startsWith('/api/')
    ? undefined
    : toPageSize(request.nextUrl.searchParams.get('limit'));
  if (size)
    response.cookies.set(pageSizeCookie, size, { path: '/', sameSite: 'lax', httpOnly: true, maxAge: oneYearSeconds });
  if (csrf) response.cookies.set(csrfCookieName(), csrf, csrfCookieOptions());
  // It is said once.
  if (notice) response.cookies.set(noticeCookie, '', { path: '/', maxAge: 0 });
  return response;
}

/** Leads to the same page under its own address; of slashes at the start one is left, as two would name another host. */
function withoutSlash(request: NextRequest): Response {
  const target = new URL(request.nextUrl.href);
  target.pathname = `/${target.pathname.replace(/^\/+|\/+$/g, '')}`;
  return NextResponse.redirect(target, 308);
}

/** A new CSRF cookie for the sign-in form, which must work without JavaScript; put into the request too, so that the page can render its token. */
function mintedCsrf(request: NextRequest): string | null {
  if (request.nextUrl.pathname !== '/signin' || request.cookies.has(csrfCookieName())) return null;
  const value = mintCsrfCookie();
  request.cookies.set(csrfCookieName(), value);
  return value;
}

/**
 * Not for webhooks and the data plane: no browser reads their answers, 500 of them a second are to be taken, and Next reads
 * the body of whatever passes here before anybody knows who sent it.
 */
export const config = { matcher: '/((?!_next/static/|api/webhooks/|api/v1/lineage|v1/|icon.svg$|social.png$).*)' };
