/** GET /api/openapi.json: the document of the portal's own calls; the same for everybody, nothing of any organization. */
import { portalCalls } from '@/app/api/calls';
import { portalDocument } from '@/lib/edge/portal/openapi-document';

let text: string | undefined;

export function GET(): Response {
  text ??= JSON.stringify(portalDocument(portalCalls));
  return new Response(text, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=300' },
  });
}
