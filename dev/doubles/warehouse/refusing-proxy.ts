/**
 * Stands between a loader and the local BigQuery and refuses what the service refuses: an id used twice, columns and
 * values that do not fit, too many jobs and updates; it also fails and loses answers when it is told to.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Column, type Refusal, refusedRows, refusedSchema } from '@/dev/doubles/warehouse/load-check';
import { refusedParquet } from '@/dev/doubles/warehouse/parquet-check';

/** What happens to the next load: nothing is done and 503 said; it runs and the answer is lost; its job fails for the service's reasons. */
export type Fault = '503' | 'lost' | 'backendError' | 'never arrives';

type Job = { jobReference: { jobId: string }; configuration: object; status: object; statistics?: object };
type TableReference = { projectId: string; datasetId: string; tableId: string };
type Metadata = {
  jobReference: { jobId: string };
  configuration: {
    load: { destinationTable: TableReference; sourceFormat?: string; schema?: { fields: Column[] } };
  };
};
type Seen = { columns: Set<string>; sinceMs: Map<string, number> };

const updateLimit = { atMost: 5, withinMs: 10_000 };

export class RefusingProxy {
  /** Faults of the loads to come, one a load; then all is well. */
  readonly faults: Fault[] = [];
  /** Loads that are still taken today. */
  jobsLeft = Number.POSITIVE_INFINITY;
  /** How long after a column was first seen loads do not know it. */
  propagationMs = 0;
  /** While true every request is answered 503. */
  down = false;
  /** Rows that name this are refused, whatever they are. */
  poison: string | null = null;
  /** The sender dies once a job has run whose id begins so: it hears no answer, and nothing more of it arrives. */
  dieAfter: string | null = null;
  /** Ids of the loads that were sent, also those that failed or were refused; of streams the names. */
  readonly loads: string[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #seen = new Map<string, Seen>();
  readonly #updates = new Map<string, number[]>();
  readonly #server = createServer((incoming, outgoing) => {
    this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
  });

  /** `target` is the local BigQuery's address. */
  constructor(private readonly target: string) {}

  /** Starts to listen on loopback; answers the address that a client takes for BigQuery's. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const path = incoming.url ?? '';
    const method = incoming.method ?? 'GET';
    if (this.down) return refuse(outgoing, 503, 'backendError', 'The service is away');
    if (method === 'POST' && path.startsWith('/upload/')) return this.#load(path, incoming, body, outgoing);
    const [, kind, jobId = ''] = /\/(jobs|queries)\/([^/?]+)/.exec(path) ?? [];
    const known = this.#jobs.get(jobId);
    if (method === 'GET' && known && kind === 'jobs') return send(outgoing, 200, known);
    if (method === 'GET' && known && kind === 'queries' && 'load' in known.configuration)
      return refuse(outgoing, 400, 'invalid', 'Cannot list results of a load job');
    if (method === 'POST' && /\/jobs(\?|$)/.test(path)) return this.#statement(path, incoming, body, outgoing);
    const table = updatedTable(method, path, body);
    if (table && this.#updatesTooOften(table))
      return refuse(outgoing, 403, 'rateLimitExceeded', `Exceeded rate limits: too many table update operations`);
    await this.#pass(method, path, incoming, body, outgoing);
  }

  async #forward(method: string, path: string, incoming: IncomingMessage, body: Buffer) {
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = incoming.headers;
    const answer = await fetch(`${this.target}${path}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    });
    return { status: answer.status, text: await answer.text() };
  }

  async #pass(method: string, path: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse) {
    const { status, text } = await this.#forward(method, path, incoming, body);
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  async #statement(path: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<void> {
    const { jobId } = (JSON.parse(body.toString()) as Metadata).jobReference;
    if (this.#jobs.has(jobId)) return refuse(outgoing, 409, 'duplicate', `Already Exists: Job ${jobId}`);
    const { status, text } = await this.#forward('POST', path, incoming, body);
    if (status === 200) this.#jobs.set(jobId, JSON.parse(text) as Job);
    if (this.#dies(jobId)) return void outgoing.destroy();
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  async #load(path: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<void> {
    const fault = this.faults.shift();
    if (fault === 'never arrives') return void outgoing.destroy();
    if (fault === '503') return refuse(outgoing, 503, 'backendError', 'The service is away');
    const { metadata, content } = parts(body, incoming.headers['content-type'] ?? '');
    const { jobId } = metadata.jobReference;
    if (this.#jobs.has(jobId)) return refuse(outgoing, 409, 'duplicate', `Already Exists: Job ${jobId}`);
    this.loads.push(jobId);
    if (this.jobsLeft-- <= 0)
      return refuse(outgoing, 403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for load jobs');
    const problem =
      fault === 'backendError'
        ? { reason: 'backendError', message: 'Error encountered during execution. Retrying may solve the problem.' }
        : await this.#refusal(metadata, content);
    const job = problem ? failedJob(metadata, problem) : await this.#run(path, incoming, body, metadata);
    this.#jobs.set(jobId, job);
    if (fault === 'lost' || this.#dies(jobId)) outgoing.destroy();
    else send(outgoing, 200, job);
  }

  #dies(jobId: string): boolean {
    if (this.dieAfter === null || !jobId.startsWith(this.dieAfter)) return false;
    this.dieAfter = null;
    this.down = true;
    return true;
  }

  async #run(path: string, incoming: IncomingMessage, body: Buffer, metadata: Metadata): Promise<Job> {
    const { text } = await this.#forward('POST', path, incoming, body);
    return { ...(JSON.parse(text) as Job), jobReference: metadata.jobReference };
  }

  async #refusal({ configuration }: Metadata, content: Buffer): Promise<Refusal | null> {
    const { projectId, datasetId, tableId } = configuration.load.destinationTable;
    const { sourceFormat, schema } = configuration.load;
    const name = `${projectId}:${datasetId}.${tableId}`;
    const visible = await this.visibleColumns({ projectId, datasetId, tableId });
    if (!visible) return { reason: 'notFound', message: `Not found: Table ${name}` };
    if (sourceFormat === 'PARQUET') return refusedParquet(content, this.poison);
    const sent = schema?.fields ?? visible;
    return refusedSchema(name, sent, visible) ?? refusedRows(content.toString('utf8'), sent, this.poison);
  }

  /** Columns of the table that whoever brings rows into it is taken to know by now; null where there is no table. */
  async visibleColumns({ projectId, datasetId, tableId }: TableReference): Promise<Column[] | null> {
    const url = `${this.target}/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;
    const answer = await fetch(url);
    if (!answer.ok) return null;
    const live = ((await answer.json()) as { schema?: { fields?: Column[] } }).schema?.fields ?? [];
    return this.#propagated(`${datasetId}.${tableId}`, live);
  }

  /** Columns that loads know by now; a table's first ones they know at once. */
  #propagated(table: string, live: readonly Column[]): Column[] {
    const seen = this.#seen.get(table) ?? { columns: new Set(live.map(({ name }) => name)), sinceMs: new Map() };
    this.#seen.set(table, seen);
    const now = Date.now();
    return live.filter(({ name }) => {
      if (seen.columns.has(name)) return true;
      const sinceMs = seen.sinceMs.get(name) ?? now;
      seen.sinceMs.set(name, sinceMs);
      if (now - sinceMs >= this.propagationMs) seen.columns.add(name);
      return seen.columns.has(name);
    });
  }

  #updatesTooOften(table: string): boolean {
    const now = Date.now();
    const recent = (this.#updates.get(table) ?? []).filter(at => at > now - updateLimit.withinMs);
    this.#updates.set(table, [...recent, now]);
    return recent.length >= updateLimit.atMost;
  }
}

/** The table that a request changes the metadata of. */
function updatedTable(method: string, path: string, body: Buffer): string | null {
  const [, dataset, table] = /\/datasets\/([^/]+)\/tables\/([^/?]+)/.exec(path) ?? [];
  if ((method === 'PATCH' || method === 'PUT') && table) return `${dataset}.${table}`;
  if (method !== 'POST' || !/\/queries(\?|$)/.test(path)) return null;
  const { query = '' } = JSON.parse(body.toString()) as { query?: string };
  const [, named] = /^\s*ALTER TABLE\s+(?:IF EXISTS\s+)?`?([\w.-]+)`?/i.exec(query) ?? [];
  return named?.split('.').slice(-2).join('.') ?? null;
}

function parts(body: Buffer, contentType: string): { metadata: Metadata; content: Buffer } {
  const boundary = `--${/boundary="?([^";]+)/.exec(contentType)?.[1] ?? ''}`;
  const part = (from: number) => {
    const start = body.indexOf('\r\n\r\n', from) + 4;
    const end = body.indexOf(`\r\n${boundary}`, start);
    return { content: body.subarray(start, end), end };
  };
  const first = part(0);
  return { metadata: JSON.parse(first.content.toString()) as Metadata, content: part(first.end + 2).content };
}

const failedJob = ({ jobReference, configuration }: Metadata, { reason, message, details }: Refusal): Job => ({
  jobReference,
  configuration,
  status: {
    state: 'DONE',
    errorResult: { reason, message },
    errors: [{ reason, message }, ...(details ? [{ reason, message: details }] : [])],
  },
});

const send = (outgoing: ServerResponse, status: number, json: object): void =>
  void outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));

const refuse = (outgoing: ServerResponse, status: number, reason: string, message: string): void =>
  send(outgoing, status, { error: { code: status, message, errors: [{ reason, message }] } });
