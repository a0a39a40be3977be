/** The pages a person sees at Stripe: Checkout, the billing portal, an invoice. Found by path; anything else is the API. */

import { checkoutPage } from '@/dev/doubles/stripe/checkout/checkout-page';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { sayingPage } from '@/dev/doubles/stripe/pages/pages-html';
import { invoicePage } from '@/dev/doubles/stripe/pages/pages-invoice';
import type { Visit } from '@/dev/doubles/stripe/pages/visit';
import { portalPage } from '@/dev/doubles/stripe/portal/portal-page';

type Page = (surface: Surface, visit: Visit) => Response;

const pages: [path: RegExp, page: Page][] = [
  [/^\/c\/pay\/([^/]+)(?:\/([a-z]+))?$/, checkoutPage],
  [/^\/p\/session\/([^/]+)(?:\/([a-z]+))?$/, portalPage],
  [/^\/i\/([^/]+)(?:\/([a-z]+))?$/, invoicePage],
];

async function show(surface: Surface, page: Page, found: RegExpExecArray, request: Request): Promise<Response> {
  const form = request.method === 'POST' ? new URLSearchParams(await request.text()) : null;
  try {
    return page(surface, { id: found[1] ?? '', rest: found[2] ?? '', form });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return sayingPage('Something is not right', error.message, undefined, error.status);
  }
}

/** The page of a request, or undefined where its path is none's. */
export function showPage(surface: Surface, request: Request): Promise<Response> | undefined {
  if (request.method !== 'GET' && request.method !== 'POST') return undefined;
  const { pathname } = new URL(request.url);
  for (const [path, page] of pages) {
    const found = path.exec(pathname);
    if (found) return show(surface, page, found, request);
  }
  return undefined;
}
