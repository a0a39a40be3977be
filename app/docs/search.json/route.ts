/** GET /docs/search.json: every heading of the documentation, for the search box and the portal's palette; the same for everybody. */
import { addresses } from '@/app/docs/_content/addresses';
import { docsHeadings } from '@/app/docs/_content/headings';

let text: string | undefined;

export function GET(): Response {
  text ??= JSON.stringify({ headings: docsHeadings(addresses()) });
  return new Response(text, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=300' },
  });
}
