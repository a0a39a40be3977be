/** Every call below /api is in the document and on a page of the documentation, with what it takes. */
import { expect, test } from 'vitest';
import { portalCalls } from '@/app/api/calls';
import { portalPages } from '@/app/docs/_reference/portal';
import { portalDocument } from '@/lib/edge/portal/openapi-document';
import type { RouteInfo } from '@/lib/edge/portal/route';
import { sourceFiles } from '@/lib/laws/source-files';
import { loadRoutes } from '@/lib/laws/tenancy/modules';

const document = portalDocument(portalCalls);
type Operation = { operationId: string; summary: string; parameters?: { name: string }[]; requestBody?: object };
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
);

test('every handler of defineRoute is in the document, under its own address and method', async () => {
  const handlers = (await loadRoutes()).flatMap(({ path, handlers: of }) =>
    Object.entries(of).flatMap(([method, handler]) =>
      (handler as { info?: RouteInfo }).info ? [`${method} ${path.replace(/^app|\/route\.ts$/g, '')}`] : [],
    ),
  );
  const documented = operations.map(
    ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, '[$1]')}`,
  );
  expect(documented.sort()).toEqual(handlers.sort());
});

test('every read that parses its query string says by what', () => {
  const silent = sourceFiles(['app/api'], /(^|\/)route\.ts$/).flatMap(({ path, text }) =>
    [...text.matchAll(/export const GET = defineRoute\(\{([\s\S]*?)\n\}\);/g)].flatMap(([, body = '']) =>
      /\braw\b/.test(body) && !/^ {2}input\b/m.test(body) ? [path] : [],
    ),
  );
  expect(silent).toEqual([]);
});

test('summaries are short sentences, each said once, and ids are of one call', () => {
  const summaries = portalCalls.map(({ info }) => info.summary);
  expect(summaries.filter(text => !/^[A-Z].{3,60}[^.]$/.test(text))).toEqual([]);
  expect(summaries.filter((text, index) => summaries.indexOf(text) !== index)).toEqual([]);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('fields of the address and of forms are not asked for twice', () => {
  const of = (id: string) => operations.find(({ operation }) => operation.operationId === id)?.operation;
  expect(JSON.stringify(of('api_key.rotate')?.requestBody)).toContain('grace_seconds');
  expect(JSON.stringify(of('api_key.rotate')?.requestBody)).not.toMatch(/api_key_id|request_token/);
  expect(of('api_key.list')?.parameters?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['q', 'status', 'after']),
  );
  expect(of('event.list')?.parameters?.filter(({ name }) => name === 'source_id')).toEqual([]);
});

test('every call is on exactly one page', () => {
  const at = { dataPlane: 'https://data.example', portal: 'https://portal.example' };
  const shown = portalPages
    .flatMap(page => page.content(at).sections.flatMap(({ blocks }) => blocks))
    .flatMap(block => (typeof block === 'object' && 'call' in block ? [block.call.id] : []));
  expect(shown.sort()).toEqual(operations.map(({ operation }) => operation.operationId).sort());
});
