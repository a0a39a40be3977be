/** Dry runs on the local BigQuery, and as they are sent to the service: whose they are, and what they say. */
import { PassThroughClient } from 'google-auth-library';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { problem, type ServiceDouble, startServiceDouble, tokenOf } from '@/dev/testing/desk/service-double';
import { createWorld, type World } from '@/dev/testing/world';
import { deskAccountEmail } from '@/lib/domains/desk/catalog/desk-account';
import { accountBigQuery } from '@/lib/domains/desk/catalog/desk-bigquery';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { deskError, dryRun, readDryRun, sendDryRun } from '@/lib/domains/desk/run/dry-run';
import type { DryRunAnswer } from '@/lib/domains/desk/run/judge-dry-run';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';

let world: World;
let service: ServiceDouble;
const projectId = 'acme-project';
const drop = (dataset: string) =>
  bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });

beforeAll(async () => {
  world = await createWorld();
  service = await startServiceDouble();
});
beforeEach(() => {
  forgetProcessWide('desk-bigquery');
  service.requests.length = 0;
  service.token = tokenOf;
});
afterAll(async () => {
  service.close();
  const { tenantDatasetId } = world;
  await Promise.allSettled(
    [tenantDatasetId, agentDatasetOf(tenantDatasetId), deskDatasetOf(tenantDatasetId)].map(drop),
  );
});

const account = () =>
  accountBigQuery(world.customerId, {
    projectId,
    source: new PassThroughClient(),
    urls: { iam: service.url, bigquery: service.url },
  });

test('a text is asked about without anything prepared: its views are made, and its columns told', async () => {
  const asked = dryRun(world.system, 'SELECT sha, `timestamp`, 1.5 AS share FROM commits LIMIT 10', ['commits']);
  expect(await asked).toEqual({
    bytes: 0,
    columns: [
      { name: 'sha', type: 'STRING', repeated: false },
      { name: 'timestamp', type: 'TIMESTAMP', repeated: false },
      { name: 'share', type: 'FLOAT64', repeated: false },
    ],
  });
});

test('views that somebody dropped are made anew while the text is asked about', async () => {
  await dryRun(world.system, 'SELECT sha FROM commits', ['commits']);
  await drop(deskDatasetOf(world.tenantDatasetId));
  await expect(dryRun(world.system, 'SELECT sha FROM commits', ['commits'])).resolves.toMatchObject({ bytes: 0 });
});

test('what is no SELECT is refused by the service’s layer also where the others would have let it pass', async () => {
  const refusal = { code: 'query_refused', details: { layer: 'service' } };
  const sql = 'CREATE TABLE stolen AS SELECT sha FROM commits';
  await expect(dryRun(world.system, sql, ['commits'])).rejects.toMatchObject(refusal);
  await expect(dryRun(world.system, 'SELECT nothing_here FROM commits', ['commits'])).rejects.toMatchObject(refusal);
});

test('a dry run is sent as the customer’s account, names its dataset and bills nothing', async () => {
  service.answer = () => ({ json: {} });
  await sendDryRun(await account(), world.system, 'SELECT 1');
  const email = deskAccountEmail(world.customerId, projectId);
  const [token, job] = service.requests;
  expect(service.requests).toHaveLength(2);
  expect(token?.path).toBe(`/v1/projects/-/serviceAccounts/${email}:generateAccessToken`);
  expect(token?.json).toMatchObject({ scope: ['https://www.googleapis.com/auth/bigquery'] });
  expect(job).toMatchObject({
    method: 'POST',
    path: `/bigquery/v2/projects/${projectId}/jobs`,
    authorization: `Bearer token of ${email}`,
    json: {
      configuration: {
        dryRun: true,
        labels: { query: 'desk_dry_run', customer: world.customerId.toLowerCase() },
        query: {
          query: 'SELECT 1',
          useLegacySql: false,
          defaultDataset: { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: deskDatasetOf(world.tenantDatasetId) },
          maximumBytesBilled: String(env().DESK_BYTES_PER_DAY),
        },
      },
    },
  });
});

test('a token is asked for once, and each customer’s requests carry its own', async () => {
  service.answer = () => ({ json: {} });
  const other = await createWorld();
  for (const { customerId, system } of [world, other, world]) {
    const client = await accountBigQuery(customerId, {
      projectId,
      source: new PassThroughClient(),
      urls: { iam: service.url, bigquery: service.url },
    });
    await sendDryRun(client, system, 'SELECT 1');
  }
  const jobs = service.requests.filter(({ path }) => path.endsWith('/jobs'));
  const tokens = [world, other, world].map(
    ({ customerId }) => `Bearer token of ${deskAccountEmail(customerId, projectId)}`,
  );
  expect(jobs.map(({ authorization }) => authorization)).toEqual(tokens);
  expect(service.requests).toHaveLength(5);
});

test.each([403, 404])(
  'an account that cannot be acted as (%d) closes the desk, and says so in plain words',
  async status => {
    service.token = () => problem(status, 'PERMISSION_DENIED');
    const error = await account().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'desk_closed', status: 503, message: expect.not.stringContaining('desk-') });
    service.token = tokenOf;
    await expect(account()).resolves.toBeDefined();
  },
);

test('an account without its rights closes the desk, and a service that is away asks to come again', async () => {
  const failure = async () => {
    const sent = sendDryRun(await account(), world.system, 'SELECT 1');
    return deskError(world.system, await sent.catch((error: unknown) => error));
  };
  service.answer = () => problem(403, 'accessDenied', 'User does not have bigquery.jobs.create permission');
  expect(await failure()).toMatchObject({ code: 'desk_closed' });
  service.answer = () => problem(503, 'backendError');
  expect(await failure()).toMatchObject({ code: 'warehouse_unavailable', retryAfterSeconds: 30 });
  service.answer = () => problem(400, 'invalidQuery', 'Unrecognized name: shaa at [2:17]');
  expect(await failure()).toMatchObject({ code: 'query_refused', details: { layer: 'service', line: 2, column: 17 } });
});

test('a text without the filter that a table needs is refused by a sentence that names the table and the column', async () => {
  const words =
    "Cannot query over table 'p.acme.step_logs' without a filter over column(s) 'start_time' that can be used for partition elimination";
  service.answer = () => problem(400, 'invalidQuery', words);
  const sent = sendDryRun(await account(), world.system, 'SELECT step_name FROM step_logs');
  const error = deskError(world.system, await sent.catch((thrown: unknown) => thrown));
  expect(error).toMatchObject({
    code: 'query_refused',
    message: expect.stringMatching(/^A query of step_logs needs a filter of start_time,.* WHERE start_time >= /),
    details: { layer: 'service', line: null, column: null },
  });
});

test('on the service a text may read the customer’s views and what lies beneath, and nothing else', async () => {
  const { tenantDatasetId, system } = world;
  const table = (datasetId: string, tableId: string) => ({ projectId: env().GOOGLE_CLOUD_PROJECT, datasetId, tableId });
  const read = (referencedTables: object[]) => {
    const query = { statementType: 'SELECT', totalBytesProcessed: '42', referencedTables };
    return readDryRun(system, { statistics: { query } } as DryRunAnswer, { store: 'service', readsTables: true });
  };
  const own = [table(deskDatasetOf(tenantDatasetId), 'commits'), table(tenantDatasetId, 'commits')];
  expect(await read(own)).toEqual({ bytes: 42, columns: [] });
  const calls = [table(agentDatasetOf(tenantDatasetId), 'chat_events')];
  expect(await read([table(deskDatasetOf(tenantDatasetId), 'tool_executions'), ...calls])).toMatchObject({ bytes: 42 });
  const other = await createWorld();
  for (const foreign of [
    table(tenantDatasetId, 'api_keys'),
    table(tenantDatasetId, 'etl_runs'),
    table(agentDatasetOf(tenantDatasetId), 'chat_event_chain'),
    table(other.tenantDatasetId, 'commits'),
    table(deskDatasetOf(other.tenantDatasetId), 'commits'),
    table('customers', 'customer_profiles'),
  ])
    await expect(read([...own, foreign])).rejects.toMatchObject({ code: 'query_refused' });
});
