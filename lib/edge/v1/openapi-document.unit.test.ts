import { expect, test } from 'vitest';
import { openApiDocument } from '@/lib/edge/v1/openapi-document';
import { routes as parsedRoutes, documentedRoutes as routes } from '@/lib/edge/v1/routes';

const document = openApiDocument(routes);
type Operation = { operationId: string; responses: Record<string, unknown>; requestBody?: { content: object } };
const operations = Object.values(document.paths ?? {}).flatMap(item =>
  Object.values(item as Record<string, Operation>),
);

test('the document is OpenAPI 3.1 and names every route once', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(operations.map(operation => operation.operationId).sort()).toEqual(
    routes.map(route => route.operationId).sort(),
  );
});

test('every reference in it leads somewhere', () => {
  const schemas = Object.keys(document.components?.schemas ?? {});
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  expect(references.map(match => match[1]).filter(name => !schemas.includes(name as string))).toEqual([]);
});

test('bodies refuse unknown fields in the document as they do on the wire; those of events and traces, whose senders add their own, do not', () => {
  const closed = new Set(parsedRoutes.map(route => route.operationId));
  const bodies = operations
    .filter(operation => closed.has(operation.operationId))
    .flatMap(operation => Object.values(operation.requestBody?.content ?? {}));
  expect(bodies.length).toBe(parsedRoutes.filter(route => route.body).length);
  const open = bodies.filter(body => !JSON.stringify(body).includes('"additionalProperties":false'));
  expect(open).toEqual([]);
});

test('health keeps its own shape at 503, other calls answer a problem', () => {
  const health = operations.find(operation => operation.operationId === 'readHealth');
  expect(JSON.stringify(health?.responses['503'])).toContain('degraded');
  const quota = operations.find(operation => operation.operationId === 'readQuota');
  expect(JSON.stringify(quota?.responses['503'])).toContain('application/problem+json');
});
