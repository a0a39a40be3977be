/** Job ids on the wire: the local BigQuery takes an id twice, so a server that refuses as the service does stands in. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BigQueryStatementError, BigQueryUnavailableError, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { runJob, settleJob } from '@/lib/platform/bigquery/bigquery-job';

type Job = {
  jobReference: { jobId: string };
  configuration: { jobTimeoutMs?: string; query: { query: string; maximumBytesBilled?: string } };
  status: { state: string; errorResult?: { reason: string; message: string } };
};
const jobs = new Map<string, Job>();
let requests: string[] = [];
/** What happens to the next insert: it is run, fails, or its answer is lost on the way back. */
let next: 'runs' | 'fails' | 'is lost' = 'runs';
let server: Server;
let client: ReturnType<typeof createBigQuery>;

const body = async (incoming: IncomingMessage) => JSON.parse(Buffer.concat(await incoming.toArray()).toString()) as Job;
const problem = (status: number, reason: string) => ({
  status,
  json: { error: { message: reason, errors: [{ reason }] } },
});

async function insert(incoming: IncomingMessage) {
  const job = await body(incoming);
  const { jobId } = job.jobReference;
  if (jobs.has(jobId)) return problem(409, 'duplicate');
  const failed = next === 'fails' ? { errorResult: { reason: 'invalidQuery', message: 'no such column' } } : {};
  jobs.set(jobId, { ...job, status: { state: next === 'fails' ? 'DONE' : 'RUNNING', ...failed } });
  return next === 'is lost' ? null : { status: 200, json: jobs.get(jobId) };
}

/** The job ends while its results are waited for. */
function results(jobId: string) {
  const job = jobs.get(jobId);
  if (!job) return problem(404, 'notFound');
  job.status.state = 'DONE';
  return { status: 200, json: { jobComplete: true } };
}

async function answer(incoming: IncomingMessage) {
  const [, kind, jobId] = /\/(jobs|queries)(?:\/([^?]+))?/.exec(incoming.url ?? '') ?? [];
  requests.push(`${incoming.method} ${kind}`);
  if (incoming.method === 'POST') return insert(incoming);
  if (kind === 'queries') return results(jobId ?? '');
  const job = jobs.get(jobId ?? '');
  return job ? { status: 200, json: job } : problem(404, 'notFound');
}

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const answered = await answer(incoming);
    if (!answered) return outgoing.destroy();
    outgoing.writeHead(answered.status, { 'content-type': 'application/json' }).end(JSON.stringify(answered.json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createBigQuery({ projectId: 'p', apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(() => server.close());
beforeEach(() => {
  jobs.clear();
  requests = [];
  next = 'runs';
});

const statement = { jobId: 'job_1', name: 'test/merge', sql: 'MERGE t' };

test('a job carries its id, its cap and its time limit, and its end is waited for', async () => {
  await runJob(statement, client);
  expect(requests).toEqual(['POST jobs', 'GET queries']);
  expect(jobs.get('job_1')?.configuration).toMatchObject({ jobTimeoutMs: '60000', query: { query: 'MERGE t' } });
  expect(Number(jobs.get('job_1')?.configuration.query.maximumBytesBilled)).toBeGreaterThan(0);
});

test('a job sent twice runs once', async () => {
  await runJob(statement, client);
  await runJob(statement, client);
  expect(jobs.size).toBe(1);
});

test('a job whose answer was lost is unknown, and settles as what it did', async () => {
  next = 'is lost';
  await expect(runJob(statement, client)).rejects.toBeInstanceOf(BigQueryUnavailableError);
  expect(await settleJob('job_1', client)).toBe('succeeded');
});

test('a job that was refused throws what BigQuery said and settles as failed', async () => {
  next = 'fails';
  await expect(runJob(statement, client)).rejects.toEqual(
    expect.objectContaining({ constructor: BigQueryStatementError, reason: 'invalidQuery', message: 'no such column' }),
  );
  expect(await settleJob('job_1', client)).toBe('failed');
});

test('a job that never arrived is withdrawn: when it comes late after all, it is refused', async () => {
  expect(await settleJob('job_1', client)).toBe('never_ran');
  await expect(runJob(statement, client)).rejects.toThrow('was withdrawn before it ran');
  expect(jobs.get('job_1')?.configuration.query.query).not.toBe('MERGE t');
  expect(await settleJob('job_1', client)).toBe('never_ran');
});
