/** A stand-in for the parts of Google Cloud no local service has: dataset access, policies, service accounts, policy tags. Tests only. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Resource = Record<string, unknown>;
type Write = { method: string; path: string; body: Resource };
export type CloudDouble = {
  url: string;
  resources: Map<string, Resource>;
  /** Method and path of each write that was taken. */
  writes: string[];
  /** The same with what was written. */
  written: Write[];
  /** When each request came, in milliseconds as performance.now() counts. */
  cameMs: number[];
  /** Set by a test that wants requests refused: answers BigQuery's reason, or null where it is to be answered. */
  refuse: (method: string, path: string) => string | null;
  close: () => Promise<void>;
};

/** A request that the service would refuse. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
  ) {
    super(`refused for ${reason}`);
  }
}

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

type Asked = { method: string; path: string; body: Resource; version: string | null; ifMatch: string | undefined };
type Binding = { condition?: unknown };

const nextEtag = (etag: unknown): string => `${etag ?? ''}a`;

/** A policy as it is answered: without version 3 nobody sees a binding with a condition. */
function policyOf({ resources }: Pick<CloudDouble, 'resources'>, target: string, { body, version }: Asked): Resource {
  if (target.includes('/serviceAccounts/') && !resources.has(target)) throw new Refused(404, 'notFound');
  const policy = resources.get(`${target}:policy`) ?? { etag: 'a' };
  const asked = (body.options as { requestedPolicyVersion?: number } | undefined)?.requestedPolicyVersion;
  if (asked === 3 || version === '3') return policy;
  return { ...policy, bindings: ((policy.bindings ?? []) as Binding[]).filter(binding => !binding.condition) };
}

/** Takes a policy whose etag is that of the present one. */
function setPolicy({ resources }: Pick<CloudDouble, 'resources'>, target: string, body: Resource): void {
  const policy = body.policy as Resource;
  const { etag } = resources.get(`${target}:policy`) ?? { etag: 'a' };
  if (policy.etag !== etag) throw new Refused(409, 'aborted');
  resources.set(`${target}:policy`, { ...policy, etag: nextEtag(etag) });
}

/** A new service account gets its address from its id and its project. */
function addAccount({ resources }: Pick<CloudDouble, 'resources'>, target: string, { accountId }: Resource): Resource {
  const [, project] = /projects\/([^/]+)\//.exec(target) ?? [];
  const email = `${accountId}@${project}.iam.gserviceaccount.com`;
  if (resources.has(`${target}/${email}`)) throw new Refused(409, 'alreadyExists');
  resources.set(`${target}/${email}`, { email });
  return { email };
}

function patch({ resources }: Pick<CloudDouble, 'resources'>, target: string, { body, ifMatch }: Asked): void {
  const known = resources.get(target);
  if (ifMatch !== undefined && ifMatch !== known?.etag) throw new Refused(412, 'conditionNotMet');
  resources.set(target, { ...known, ...body, ...(known?.etag ? { etag: nextEtag(known.etag) } : {}) });
}

/** Answers one request; null is 404. Resources are kept by path, policies at `<path>:policy`. */
function answer(double: Pick<CloudDouble, 'resources' | 'writes' | 'written'>, asked: Asked): Resource | null {
  const { resources, writes, written } = double;
  const { method, path, body } = asked;
  const [target = '', verb] = path.split(':');
  if (verb === 'getIamPolicy') return policyOf(double, target, asked);
  if (method !== 'GET') {
    writes.push(`${method} ${path}`);
    written.push({ method, path, body });
  }
  if (verb === 'setIamPolicy') setPolicy(double, target, body);
  else if (path.endsWith('/queries')) {
    const [, dataset, view, query] = /VIEW `(\w+)`\.`(\w+)`.* AS\n([\s\S]*)$/.exec(String(body.query)) ?? [];
    const uri = path.replace(/queries$/, `datasets/${dataset}/tables/${view}`);
    resources.set(uri, { type: 'VIEW', view: { query } });
    return { jobComplete: true };
  } else if (method === 'POST' && target.endsWith('/serviceAccounts')) return addAccount(double, target, body);
  else if (method === 'POST' && /(taxonomies|policyTags)$/.test(target)) {
    const name = `${target}/${resources.size + 1}`;
    resources.set(name, { ...body, name: name.replace('/v1/', '') });
  } else if (method === 'POST')
    resources.set(`${target}/${idOf(body)}`, {
      access: [],
      etag: 'a',
      ...body,
      ...(body.schema ? { type: 'TABLE' } : {}),
    });
  else if (method === 'PATCH') patch(double, target, asked);
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

/** What the request is answered: a status and a body. */
function answerOf(double: CloudDouble, asked: Asked): { status: number; body: Resource } {
  const problem = (status: number, reason: string, message: string) => ({
    status,
    body: { error: { code: status, message, errors: [{ reason }] } },
  });
  try {
    const body = answer(double, asked);
    return body ? { status: 200, body } : problem(404, 'notFound', `Not found: ${asked.path}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return problem(error.status, error.reason, error.message);
  }
}

/** Starts the double on a free port of 127.0.0.1. */
export async function startCloudDouble(): Promise<CloudDouble> {
  const double: CloudDouble = {
    url: '',
    resources: new Map(),
    writes: [],
    written: [],
    cameMs: [],
    refuse: () => null,
    close: () => new Promise<void>(resolve => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer(async (request, response) => {
    double.cameMs.push(performance.now());
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const reason = double.refuse(method, path);
    if (reason) {
      request.resume();
      const error = { code: 403, message: `refused for ${reason}`, errors: [{ reason }] };
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      return;
    }
    const version = searchParams.get('options.requestedPolicyVersion');
    const asked = { method, path, body: await bodyOf(request), version, ifMatch: request.headers['if-match'] };
    const { status, body } = answerOf(double, asked);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}
