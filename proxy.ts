/** Runs before every page and route: gives the request its id and the answer its content security policy. Authorises nothing. */
import { type NextRequest, NextResponse } from 'next/server';
import { problemAnswer } from '@/lib/edge/http/message';
import { toWebResponse } from '@/lib/edge/http/web-request';
import { contentSecurityPolicy, newNonce, requestIdOf } from '@/lib/edge/portal/security-headers';
import { csrfCookieName, csrfCookieOptions, mintCsrfCookie } from '@/lib/edge/portal/sign-in/cookies';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

const oneYearSeconds = 31_536_000;

export function proxy(request: NextRequest): Response {
  const settings = env();
  const requestId = requestIdOf(request.headers);
  // Next answers 500 to a path of a dynamic route that it cannot decode.
  if (!isDecodable(request.nextUrl.pathname)) {
    return toWebResponse(problemAnswer(new AppError('bad_request', 'The path is not valid UTF-8.'), requestId));
  }
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
  const headers = new Headers(request.headers);
  headers.set('x-request-id', requestId);
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
  if (csrf) response.cookies.set(csrfCookieName(), csrf, csrfCookieOptions());
  return response;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** A new CSRF cookie for the sign-in form, which must work without JavaScript; put into the request too, so that the page can render its token. */
function mintedCsrf(request: NextRequest): string | null {
  if (request.nextUrl.pathname !== '/signin' || request.cookies.has(csrfCookieName())) return null;
  const value = mintCsrfCookie();
  request.cookies.set(csrfCookieName(), value);
  return value;
}

/** Not for webhooks: no browser reads their answers, and 500 of them a second are to be taken. */
export const config = { matcher: '/((?!_next/static/|api/webhooks/|icon.svg$).*)' };
