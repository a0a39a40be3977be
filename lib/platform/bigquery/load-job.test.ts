/** Load jobs on the local BigQuery, behind a proxy that refuses as the service does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import {
  BigQueryUnavailableError,
  bigquery,
  bigqueryRequest,
  createBigQuery,
  runStatement,
} from '@/lib/platform/bigquery/bigquery';
import { settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { LoadRefusedError, namedLine, runLoadJob } from '@/lib/platform/bigquery/load-job';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';

const dataset = `load_job_${randomText(8)}`;
const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
let client: ReturnType<typeof createBigQuery>;
const fields = [
  { name: 'id', type: 'STRING' },
  { name: 'n', type: 'INT64' },
];
const reference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: dataset };
const job = (ndjson: string, jobId = `load_${randomText(12)}`) => ({ jobId, dataset, table: 't', fields, ndjson });
const count = async () =>
  (await runStatement({ name: 'test', sql: `SELECT COUNT(*) AS c FROM ${dataset}.t` })).rows[0]?.c as number;
const refusal = async (sent: Promise<unknown>) => {
  const error = await sent.catch((thrown: unknown) => thrown);
  if (!(error instanceof LoadRefusedError)) throw error;
  return error;
};

beforeAll(async () => {
  client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: await proxy.listen() });
  await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: { datasetReference: reference } });
  const table = { tableReference: { ...reference, tableId: 't' }, schema: { fields } };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: `/datasets/${dataset}/tables`, json: table });
});
afterAll(async () => {
  proxy.close();
  const qs = { deleteContents: true };
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs });
});

test('rows arrive whole, with any text in them, and the same id sent again adds nothing', async () => {
  const before = await count();
  const text = '--part\r\n"}\n ä 🎉';
  const sent = job(`${JSON.stringify({ id: text, n: 1 })}\n{"id":"b","n":2}\n`);
  expect(await runLoadJob(sent, client)).toMatchObject({ rows: 2, isJoined: false });
  expect(await runLoadJob(sent, client)).toMatchObject({ isJoined: true });
  expect(await count()).toBe(before + 2);
  const { rows } = await runStatement({ name: 'test', sql: `SELECT id FROM ${dataset}.t WHERE n = 1` });
  expect(rows).toEqual([{ id: text }]);
});

test('one row that does not fit refuses them all, and its line is named', async () => {
  const before = await count();
  const lines = ['{"id":"ä","n":1}', '{"id":"b","n":2}', '{"id":"c","n":1.5}', '{"id":"d","n":4}'];
  const refused = await refusal(runLoadJob(job(`${lines.join('\n')}\n`), client));
  expect(refused).toMatchObject({ reason: 'invalid', line: 2 });
  expect(refused.message).toContain("Couldn't convert value to INT64. Field: n; Value: 1.5");
  expect(await count()).toBe(before);
});

test('without the proxy the line is named by the local BigQuery', async () => {
  const refused = await refusal(runLoadJob(job('{"id":"a","n":1}\n{"id":"b","n":"x"}\n'), bigquery()));
  expect(refused.line).toBe(1);
  expect(namedLine('in line 1: no timestamp; line/object number information is approximate', '')).toBeNull();
});

test('a job whose answer was lost settles as what it did; one that never arrived is withdrawn and stays away', async () => {
  const before = await count();
  for (const fault of ['lost', 'never arrives'] as const) {
    proxy.faults.push(fault);
    const sent = job('{"id":"x","n":1}\n');
    await expect(runLoadJob(sent, client)).rejects.toBeInstanceOf(BigQueryUnavailableError);
    expect(await settleJob(sent.jobId, client)).toBe(fault === 'lost' ? 'succeeded' : 'never_ran');
    if (fault === 'never arrives') await expect(runLoadJob(sent, client)).rejects.toThrow('withdrawn');
  }
  expect(await count()).toBe(before + 1);
});

test('a service that is away, has no quota left or fails by itself may be asked again; a refused table says why', async () => {
  proxy.faults.push('503', 'backendError');
  const sent = [job('{"id":"y"}\n'), job('{"id":"y"}\n')];
  for (const one of sent) await expect(runLoadJob(one, client)).rejects.toBeInstanceOf(BigQueryUnavailableError);
  proxy.jobsLeft = 0;
  await expect(runLoadJob(job('{"id":"y"}\n'), client)).rejects.toThrow('Quota exceeded');
  proxy.jobsLeft = Number.POSITIVE_INFINITY;
  expect(await settleJob(sent[1]?.jobId ?? '', client)).toBe('failed');
  const missing = await refusal(runLoadJob({ ...job('{"id":"y"}\n'), table: 'nowhere' }, client));
  expect(missing.reason).toBe('notFound');
  const unknown = { ...job('{"id":"y","z":1}\n'), fields: [...fields, { name: 'z', type: 'INT64' }] };
  expect((await refusal(runLoadJob(unknown, client))).message).toContain('Cannot add fields (field: z)');
});
