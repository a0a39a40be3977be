/**
 * Stands before the local BigQuery and keeps what became of its load jobs, as the service does: the local one forgets them when it is
 * killed, and a load whose answer was lost would be sent twice.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

type Answer = { status: number; text: string };
type Load = { projectId: string; datasetId: string; tableId: string; jobId: string };

const patienceMs = 240_000;

export class KeptJobs {
  /** What is answered about each load; pending while it runs. */
  readonly #jobs = new Map<string, Promise<Answer>>();
  /** Loads of which nobody heard, as BigQuery was killed under them: by whether their rows are there. */
  readonly unheard = { there: 0, lost: 0 };
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
    const [method, path] = [incoming.method ?? 'GET', incoming.url ?? ''];
    const [, jobId = ''] = /\/jobs\/([^/?]+)/.exec(path) ?? [];
    const isLoad = method === 'POST' && path.startsWith('/upload/');
    const kept = method === 'GET' ? await this.#jobs.get(jobId) : undefined;
    const answer = isLoad
      ? await this.#load(path, incoming, body)
      : (kept ?? (await this.#forward(method, path, incoming, body)));
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  }

  async #forward(method: string, path: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = incoming.headers;
    const init = { method, headers: headers as Record<string, string> };
    const answer = await fetch(
      `${this.target}${path}`,
      body.length > 0 ? { ...init, body: new Uint8Array(body) } : init,
    );
    return { status: answer.status, text: await answer.text() };
  }

  async #load(path: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const load = loadIn(body);
    if (this.#jobs.has(load.jobId)) return refusal(409, 'duplicate', `Already Exists: Job ${load.jobId}`);
    const before = await this.#rowsIn(load);
    const running = this.#forward('POST', path, incoming, body).catch(() => this.#fate(load, before));
    this.#jobs.set(load.jobId, running);
    return running;
  }

  /** BigQuery died under the load: all of its rows are there once it answers again, or none. */
  async #fate({ jobId, ...table }: Load, before: number): Promise<Answer> {
    const { projectId } = table;
    for (const untilMs = Date.now() + patienceMs; Date.now() < untilMs; await sleep(200)) {
      const now = await this.#rowsIn({ jobId, ...table }).catch(() => undefined);
      if (now === undefined) continue;
      const isThere = now > before;
      this.unheard[isThere ? 'there' : 'lost']++;
      const failed = { reason: 'backendError', message: 'The job was interrupted.' };
      const status = { state: 'DONE', ...(isThere ? {} : { errorResult: failed, errors: [failed] }) };
      const job = { jobReference: { projectId, jobId }, configuration: { load: {} }, status };
      return {
        status: 200,
        text: JSON.stringify({ ...job, statistics: { load: { outputRows: String(now - before) } } }),
      };
    }
    throw new Error(`BigQuery did not come back for ${jobId}`);
  }

  async #rowsIn({ projectId, datasetId, tableId }: Load): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM \`${datasetId}.${tableId}\``;
    const answer = await fetch(`${this.target}/bigquery/v2/projects/${projectId}/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, useLegacySql: false }),
    });
    if (answer.status >= 500) throw new Error(`BigQuery answers ${answer.status}`);
    const { rows } = (await answer.json()) as { rows?: { f: { v: string }[] }[] };
    return Number(rows?.[0]?.f[0]?.v ?? 0);
  }
}

/** What the first part of an upload says of its job. */
function loadIn(body: Buffer): Load {
  const start = body.indexOf('\r\n\r\n') + 4;
  const { jobReference, configuration } = JSON.parse(
    body.subarray(start, body.indexOf('\r\n--', start)).toString(),
  ) as {
    jobReference: { jobId: string };
    configuration: { load: { destinationTable: Omit<Load, 'jobId'> } };
  };
  return { ...configuration.load.destinationTable, jobId: jobReference.jobId };
}

const refusal = (status: number, reason: string, message: string): Answer => ({
  status,
  text: JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
});
