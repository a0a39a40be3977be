/** A stand-in for the parts of Google Cloud no local service has: dataset access, IAM on views, policy tags. Tests only. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Resource = Record<string, unknown>;
export type CloudDouble = {
  url: string;
  resources: Map<string, Resource>;
  writes: string[];
  /** When each request came, in milliseconds as performance.now() counts. */
  cameMs: number[];
  /** Set by a test that wants requests refused: answers BigQuery's reason, or null where it is to be answered. */
  refuse: (method: string, path: string) => string | null;
  close: () => Promise<void>;
};

/** The REST API answers types by their old names. */
const oldNames: Record<string, string> = { INT64: 'INTEGER', BOOL: 'BOOLEAN', FLOAT64: 'FLOAT' };

function answered(resource: Resource): Resource {
  const schema = resource.schema as { fields: { type: string }[] } | undefined;
  if (!schema) return resource;
  return {
    ...resource,
    schema: { fields: schema.fields.map(field => ({ ...field, type: oldNames[field.type] ?? field.type })) },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Resource> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text ? (JSON.parse(text) as Resource) : {};
}

const idOf = (body: Resource): string => {
  const reference = (body.datasetReference ?? body.tableReference ?? {}) as { datasetId?: string; tableId?: string };
  return reference.tableId ?? reference.datasetId ?? '';
};

/** Answers one request; null is 404. Resources are kept by path, policies at `<path>:policy`. */
function answer(
  double: Pick<CloudDouble, 'resources' | 'writes'>,
  method: string,
  path: string,
  body: Resource,
): Resource | null {
  const { resources, writes } = double;
  const [target = '', verb] = path.split(':');
  if (verb === 'getIamPolicy') return resources.get(`${target}:policy`) ?? { etag: 'a' };
  if (method !== 'GET') writes.push(`${method} ${path}`);
  if (verb === 'setIamPolicy') resources.set(`${target}:policy`, body.policy as Resource);
  else if (path.endsWith('/queries')) {
    const [, dataset, view, query] = /VIEW `(\w+)`\.`(\w+)`.* AS\n([\s\S]*)$/.exec(String(body.query)) ?? [];
    const uri = path.replace(/queries$/, `datasets/${dataset}/tables/${view}`);
    resources.set(uri, { type: 'VIEW', view: { query } });
    return { jobComplete: true };
  } else if (method === 'POST' && /(taxonomies|policyTags)$/.test(target)) {
    const name = `${target}/${resources.size + 1}`;
    resources.set(name, { ...body, name: name.replace('/v1/', '') });
  } else if (method === 'POST')
    resources.set(`${target}/${idOf(body)}`, {
      access: [],
      etag: 'a',
      ...body,
      ...(body.schema ? { type: 'TABLE' } : {}),
    });
  else if (method === 'PATCH') resources.set(target, { ...resources.get(target), ...body });
  else if (/(taxonomies|policyTags)$/.test(target)) {
    const found = [...resources].filter(
      ([key]) => key.startsWith(`${target}/`) && !key.slice(target.length + 1).match(/[/:]/),
    );
    return { [target.split('/').at(-1) ?? '']: found.map(([, resource]) => resource) };
  }
  const resource = resources.get(target);
  if (resource) return answered(resource);
  return method === 'GET' ? null : {};
}

/** Starts the double on a free port of 127.0.0.1. */
export async function startCloudDouble(): Promise<CloudDouble> {
  const double: CloudDouble = {
    url: '',
    resources: new Map(),
    writes: [],
    cameMs: [],
    refuse: () => null,
    close: () => new Promise<void>(resolve => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer(async (request, response) => {
    double.cameMs.push(performance.now());
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const reason = double.refuse(request.method ?? 'GET', path);
    if (reason) {
      request.resume();
      const error = { code: 403, message: `refused for ${reason}`, errors: [{ reason }] };
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      return;
    }
    const body = answer(double, request.method ?? 'GET', path, await bodyOf(request));
    const missing = { error: { code: 404, message: `Not found: ${path}`, errors: [{ reason: 'notFound' }] } };
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? missing));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}
