/** GET /v1/openapi.json */
import { z } from 'zod';
import { type DocumentedRoute, defineV1Route, type V1Route } from '@/lib/edge/v1/define-route';
import { openApiDocument } from '@/lib/edge/v1/openapi-document';

/** The call that answers the document of all calls; `routes` is read when it is first asked. */
export function readOpenApi(routes: () => readonly DocumentedRoute[]): V1Route {
  let text: string | undefined;
  return defineV1Route({
    operationId: 'readOpenApi',
    method: 'GET',
    path: '/v1/openapi.json',
    who: 'public',
    permission: null,
    summary: 'This document',
    description: 'OpenAPI 3.1 document of the data plane, made from the schemas that parse its calls.',
    success: { status: 200, description: 'An OpenAPI document.', schema: z.looseObject({ openapi: z.string() }) },
    errors: [],
    handler: async () => {
      text ??= JSON.stringify(openApiDocument(routes()));
      // Already written once; jsonAnswer sends text as it is.
      return {
        status: 200,
        body: text as unknown as { openapi: string },
        headers: { 'cache-control': 'public, max-age=300' },
      };
    },
  });
}
