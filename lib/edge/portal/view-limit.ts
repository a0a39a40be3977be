/** How many pages a browser may open: counted before Next makes one, and answered with a page that says so. */
import type { NextRequest } from 'next/server';
import { overBrowserLimit } from '@/lib/edge/http/limits';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { tokenOf } from '@/lib/edge/portal/sign-in/token';

const page = (sentence: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Too many requests – Tenantry</title>
<main>
<h1>Too many requests</h1>
<p>${sentence}</p>
<p><a href="">Load the page again</a></p>
</main>
</html>
`;

/** The 429 of a browser that opens more pages than it may; null for any other request, also of whoever is not signed in. */
export async function tooManyViews(request: NextRequest): Promise<Response | null> {
  const isView = request.method === 'GET' || request.method === 'HEAD';
  if (!isView || request.nextUrl.pathname.startsWith('/api/')) return null;
  const cookie = request.cookies.get(sessionCookieName())?.value;
  const token = cookie ? await tokenOf(cookie) : null;
  if (!token) return null;
  const refusal = await overBrowserLimit(token.sessionId, token.customerId);
  if (!refusal) return null;
  return new Response(page(refusal.message), {
    status: refusal.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'retry-after': String(refusal.retryAfterSeconds),
    },
  });
}
