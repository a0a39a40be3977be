/** The OpenAPI 3.1 document, made from the very objects that serve the calls. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Caller, DocumentedRoute } from '@/lib/edge/v1/define-route';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { subjectOf, subjects } from '@/lib/edge/v1/subjects';
import { type ErrorCode, statusOfCode } from '@/lib/platform/errors';

const ofKeyCalls: ErrorCode[] = [
  'database_unavailable',
  'unauthenticated',
  'invalid_key',
  'key_expired',
  'key_disabled',
  'insufficient_scope',
  'rate_limited',
];
const ofCustomerCalls: ErrorCode[] = ['customer_suspended'];
const ofSources: ErrorCode[] = [
  'database_unavailable',
  'unauthenticated',
  'invalid_key',
  'source_disabled',
  'customer_suspended',
  'subscription_inactive',
  'bad_origin',
  'rate_limited',
];
const ofBodies: ErrorCode[] = ['invalid_json', 'invalid_input', 'unsupported_media_type', 'body_too_large'];

/** Every code a call may answer, in the order of their statuses. */
export function errorsOf(route: DocumentedRoute): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...route.errors,
    'internal',
    ...(route.who === 'public' ? [] : route.who === 'source' ? ofSources : ofKeyCalls),
    ...(route.who === 'customer' || route.who === 'both' ? ofCustomerCalls : []),
    ...((route.who === 'customer' || route.who === 'both') && !route.ofStartedRun ? (['usage_exceeded'] as const) : []),
    ...(route.who === 'customer' || route.who === 'service' ? (['forbidden'] as const) : []),
    ...(route.body ? ofBodies : []),
  ]);
  // Whoever is told to slow down by 503 is never answered 429.
  if (codes.has('slow_down')) codes.delete('rate_limited');
  return [...codes].sort((a, b) => statusOfCode[a] - statusOfCode[b]);
}

/** One sentence on whose keys a call takes. */
export const callerText: Record<Caller, string> = {
  customer: 'A customer’s key.',
  service: 'A service key.',
  both: 'A customer’s key, or a service key that names the customer.',
  source: 'The write key of an event source, as the user of Basic authentication or as `writeKey` in the body.',
  public: 'Anybody; no key.',
};

const responseHeaders = z.object({
  'x-request-id': z.string().meta({ description: 'Id of the request; yours if you sent a sane one.' }),
  'ratelimit-limit': z.string().optional().meta({ description: 'Requests the key may send in the window.' }),
  'ratelimit-remaining': z.string().optional().meta({ description: 'Requests left in it.' }),
  'ratelimit-reset': z.string().optional().meta({ description: 'Seconds until it starts anew.' }),
});

function problemResponses(route: DocumentedRoute): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy(errorsOf(route), code => statusOfCode[code]);
  const responses: ZodOpenApiOperationObject['responses'] = {};
  for (const [status, codes] of byStatus) {
    responses[String(status) as `${4 | 5}${string}`] = {
      description: codes.map(code => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: problemSchema } },
    };
  }
  return responses;
}

function securityOf({ who }: DocumentedRoute): Pick<ZodOpenApiOperationObject, 'security'> {
  if (who === 'public') return { security: [] };
  return who === 'source' ? { security: [{ write_key: [] }] } : {};
}

function operation(route: DocumentedRoute): ZodOpenApiOperationObject {
  const { status, schema, description, others = {} } = route.success;
  const content = { 'application/json': { schema } };
  const successes = Object.entries({ ...others, [status]: description });
  const scope = route.permission ? ` Scope \`${route.permission}\`.` : '';
  return {
    operationId: route.operationId,
    tags: [subjectOf(route.path)],
    summary: route.summary,
    description: `${route.description}\n\n${callerText[route.who]}${scope}`,
    ...securityOf(route),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(route.requestHeaders ? { header: route.requestHeaders } : {}),
    },
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { 'application/json': { schema: route.body } },
          },
        }
      : {}),
    responses: {
      ...problemResponses(route),
      ...Object.fromEntries(
        successes.map(([code, text]) => [
          code,
          { description: text, headers: responseHeaders, ...(code === '204' ? {} : { content }) },
        ]),
      ),
    },
  };
}

/** The document of these routes. */
export function openApiDocument(routes: readonly DocumentedRoute[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tenantry data plane',
      version: '1.0.0',
      description:
        'Quota, pipeline runs, key checks, events and AI traces for machines. Errors are problem details with a stable `code`.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key such as ty_live_…, from the page API keys.' },
        write_key: {
          type: 'http',
          scheme: 'basic',
          description: 'The write key of an event source, from the page Sources, as the user; no password.',
        },
      },
    },
    tags: subjects.map(({ name, text }) => ({ name, description: text })),
    paths,
  });
}
