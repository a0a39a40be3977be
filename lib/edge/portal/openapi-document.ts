/** The OpenAPI 3.1 document of the portal's own calls below /api, made from the handlers that answer them. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { RouteInfo } from '@/lib/edge/portal/route';
import { portalSubjects, tagOf } from '@/lib/edge/portal/subjects';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { permissions } from '@/lib/kernel/permissions';
import { type ErrorCode, statusOfCode } from '@/lib/platform/errors';

/** A handler's call with its place in the file tree: `keys/[id]/rotate`. */
export type PortalCall = { path: string; info: RouteInfo };

type JsonSchema = {
  properties?: Record<string, unknown>;
  required?: string[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};

const ofAll: ErrorCode[] = [
  'unauthenticated',
  'invalid_key',
  'key_expired',
  'key_disabled',
  'forbidden',
  'insufficient_scope',
  'customer_suspended',
  'stale_form',
  'rate_limited',
  'internal',
  'database_unavailable',
];
const ofChanges: ErrorCode[] = [
  'bad_origin',
  'invalid_input',
  'invalid_json',
  'unsupported_media_type',
  'body_too_large',
  'conflict',
];
const ofReads: ErrorCode[] = ['invalid_input', 'warehouse_unavailable'];

/** The schema without the fields that stand in the address or that only forms send. */
function without(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const parts = (list?: JsonSchema[]) => list?.map(part => without(part, names));
  const kept = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  return {
    ...schema,
    ...(schema.properties ? { properties: Object.fromEntries(kept) } : {}),
    ...(schema.required ? { required: schema.required.filter(name => !names.includes(name)) } : {}),
    ...(schema.anyOf ? { anyOf: parts(schema.anyOf) as JsonSchema[] } : {}),
    ...(schema.oneOf ? { oneOf: parts(schema.oneOf) as JsonSchema[] } : {}),
    ...(schema.allOf ? { allOf: parts(schema.allOf) as JsonSchema[] } : {}),
  };
}

/** What may be sent, as JSON schema; what JSON cannot say, such as a transformation, is any value. */
function sentSchema(input: z.ZodType, left: readonly string[]): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return without(schema as JsonSchema, left);
}

type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: object };

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters({ input, left }: RouteInfo): Parameter[] {
  return input.flatMap(part => {
    const { properties = {}, required = [] } = sentSchema(part, left);
    return Object.entries(properties).map(
      ([name, schema]): Parameter => ({
        name,
        in: 'query',
        required: required.includes(name),
        schema: schema as object,
      }),
    );
  });
}

/** The body, where one is read and says anything. */
function bodyOf({ method, input: [input], left }: RouteInfo): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (method === 'GET' || method === 'DELETE' || !input) return {};
  const schema = sentSchema(input, left);
  const isEmpty = schema.properties && Object.keys(schema.properties).length === 0;
  if (isEmpty) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: schema as object } } } };
}

function problems(codes: readonly ErrorCode[]): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy([...new Set(codes)], code => statusOfCode[code]);
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    sorted.map(([status, list]) => [
      String(status),
      {
        description: list.map(code => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}

function operation({ path, info }: PortalCall): ZodOpenApiOperationObject {
  const { scope } = permissions[info.permission];
  const isRead = info.method === 'GET';
  const parameters = [...pathParameters(path), ...(isRead || info.method === 'DELETE' ? queryParameters(info) : [])];
  return {
    operationId: info.name,
    tags: [tagOf(path)],
    summary: info.summary,
    description: `Permission \`${info.permission}\`. ${
      scope === 'none'
        ? 'For signed-in members alone: no key carries this permission.'
        : 'For signed-in members, and for keys with the scope of that name.'
    }`,
    security: scope === 'none' ? [{ session: [] }] : [{ session: [] }, { key: [] }],
    ...(parameters.length > 0
      ? { parameters: parameters as NonNullable<ZodOpenApiOperationObject['parameters']> }
      : {}),
    ...bodyOf(info),
    responses: {
      '2XX': { description: 'Done, as JSON.', content: { 'application/json': { schema: { type: 'object' } } } },
      ...problems([
        ...ofAll,
        ...(isRead ? ofReads : ofChanges),
        ...(path.includes('[') ? (['not_found'] as const) : []),
      ]),
    },
  };
}

/** The document of these calls. */
export function portalDocument(calls: readonly PortalCall[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const call of calls) {
    const path = `/api/${call.path.replace(/\[(\w+)\]/g, '{$1}')}`;
    paths[path] = { ...paths[path], [call.info.method.toLowerCase()]: operation(call) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tenantry portal',
      version: '1.0.0',
      description:
        'What the portal’s pages do, as calls. They take the session cookie of a signed-in member, with an Origin of the ' +
        'portal for changes, or an API key that has the scope; a service key names the customer in X-Customer-Id.',
    },
    servers: [{ url: '/' }],
    tags: portalSubjects.map(({ tag, title }) => ({ name: tag, description: title })),
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tenantry.session',
          description: 'Set by signing in. Over https its name begins with __Host-.',
        },
        key: { type: 'http', scheme: 'bearer', description: 'A key such as ty_live_…, from the page API keys.' },
      },
    },
    paths,
  });
}
