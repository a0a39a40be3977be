/** What is sent to the service and what its answers become: a local BigQuery knows no caps, caches, labels or time limits. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { problem, type ServiceDouble, startServiceDouble } from '@/dev/testing/desk/service-double';
import { createWorld, type World } from '@/dev/testing/world';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { leastBytes } from '@/lib/domains/desk/rules';
import { carryOut, endedWithout } from '@/lib/domains/desk/run/carry-out';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { withdrawal } from '@/lib/platform/bigquery/bigquery-job';
import { env } from '@/lib/platform/env';

let world: World;
let service: ServiceDouble;
/** The job as the service keeps it. */
let job: Record<string, unknown>;

beforeAll(async () => {
  world = await createWorld();
  service = await startServiceDouble();
});
beforeEach(() => {
  service.requests.length = 0;
  ended({ totalBytesBilled: '20971520' });
});
afterAll(() => service.close());

/** What the service answers of a job that has ended. */
function ended(query: object, errorResult?: { reason: string; message: string }) {
  job = { status: { state: 'DONE', ...(errorResult && { errorResult }) }, statistics: { query } };
  service.answer = ({ path }) =>
    path.includes('/queries/')
      ? { json: { jobComplete: true, totalRows: '12345', schema: { fields: [] } } }
      : { json: job };
}
const open = async () => createBigQuery({ projectId: 'p', apiUrl: service.url });
const carry = (query: DeskQuery) => carryOut(world.as('OWNER'), query, { open });

test('a job carries its id, cap, dataset, labels and time limit', async () => {
  const query = await insertDeskQuery(world, { capBytes: 3 * leastBytes, askedVia: 'mcp' });
  await carry(query);
  const [sent] = service.requests;
  expect(sent).toMatchObject({
    method: 'POST',
    path: '/bigquery/v2/projects/p/jobs',
    json: {
      jobReference: { jobId: `desk_${query.queryId}`, location: env().BIGQUERY_LOCATION },
      configuration: {
        jobTimeoutMs: '60000',
        labels: { customer: world.customerId, door: 'mcp', query: 'desk_run_query' },
        query: {
          query: query.executedSql,
          useLegacySql: false,
          maximumBytesBilled: String(3 * leastBytes),
          defaultDataset: { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: deskDatasetOf(world.tenantDatasetId) },
        },
      },
    },
  });
});

test('what the service billed is what counts, and of 12,345 rows 10,000 can be read', async () => {
  const settled = await carry(await insertDeskQuery(world));
  expect(settled).toMatchObject({ status: 'COMPLETED', bytesBilled: 20_971_520, rowCount: 10_000, totalRows: 12_345 });
});

test('a result from the cache bills nothing', async () => {
  ended({ totalBytesBilled: '0', totalBytesProcessed: '0', cacheHit: true });
  expect(await carry(await insertDeskQuery(world))).toMatchObject({ status: 'COMPLETED', bytesBilled: 0 });
});

test('a query over its cap fails before anything is billed, and says so', async () => {
  const words = 'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.';
  ended({}, { reason: 'bytesBilledLimitExceeded', message: words });
  const settled = await carry(await insertDeskQuery(world));
  expect(settled).toMatchObject({ status: 'FAILED', bytesBilled: 0, errorMessage: words });
  expect(endedWithout(settled)).toMatchObject({ code: 'query_over_cap', details: { query_id: settled.queryId } });
});

test('a query that fails while it runs is kept in BigQuery’s words, and bills nothing', async () => {
  ended({}, { reason: 'invalidQuery', message: 'division by zero: 1 / 0' });
  const settled = await carry(await insertDeskQuery(world));
  expect(settled).toMatchObject({ status: 'FAILED', bytesBilled: 0, errorMessage: 'division by zero: 1 / 0' });
  expect(endedWithout(settled)).toMatchObject({ code: 'query_failed', message: 'division by zero: 1 / 0' });
});

test('a query that took too long is stopped, and counts what the service says or else its estimate', async () => {
  const stopped = { reason: 'stopped', message: 'Job execution was cancelled: Job timed out after 60 s' };
  ended({ totalBytesBilled: '31457280' }, stopped);
  const billed = await carry(await insertDeskQuery(world));
  expect(billed).toMatchObject({ status: 'FAILED', bytesBilled: 31_457_280 });
  expect(billed.errorMessage).toContain('longer than 60 s');
  ended({}, stopped);
  const estimatedBytes = 7 * leastBytes;
  expect(await carry(await insertDeskQuery(world, { estimatedBytes }))).toMatchObject({ bytesBilled: estimatedBytes });
});

test('a job that the service refuses to take is a failed query that billed nothing', async () => {
  service.answer = () => problem(400, 'invalid', 'Required parameter is missing');
  expect(await carry(await insertDeskQuery(world))).toMatchObject({ status: 'FAILED', bytesBilled: 0 });
});

test('a job that is there already is joined, and one that was withdrawn in its place is not taken for it', async () => {
  const query = await insertDeskQuery(world);
  const there = (text: string) => {
    service.answer = ({ method, path }) => {
      if (method === 'POST') return problem(409, 'duplicate');
      if (path.includes('/queries/')) return { json: { jobComplete: true, totalRows: '1' } };
      return { json: { ...job, configuration: { query: { query: text } } } };
    };
  };
  there(withdrawal);
  await expect(carry(query)).rejects.toMatchObject({ code: 'warehouse_unavailable' });
  there(query.executedSql);
  expect(await carry(query)).toMatchObject({ status: 'COMPLETED', totalRows: 1 });
});

test('a service that is away leaves the query running, with its estimate counted', async () => {
  const query = await insertDeskQuery(world);
  service.answer = () => problem(503, 'backendError');
  await expect(carry(query)).rejects.toMatchObject({
    code: 'warehouse_unavailable',
    details: { query_id: query.queryId },
  });
  ended({ totalBytesBilled: '10485760' });
  expect(await carry(query)).toMatchObject({ status: 'COMPLETED', bytesBilled: 10_485_760 });
});
