/** Recreating as an operator types it: told before, asked, refused where it must not be, on record afterwards. */
import { randomBytes } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import { afterAll, expect, test, vi } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { createWorld } from '@/dev/testing/world';
import { refusal, warning } from '@/lib/cli/schemas/recreate';
import { runsMirror } from '@/lib/domains/runs/mirror';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { auditLog } from '@/lib/kernel/tables';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { applySchemas, ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { countRows } from '@/lib/warehouse/schemas/recreate';
import { getTable, runDdl } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const used: string[] = [];
const newDataset = () => {
  const dataset = `recreate_${randomBytes(5).toString('hex')}`;
  used.push(dataset);
  return dataset;
};

async function recreate(args: string[], environment: Record<string, string> = {}) {
  for (const [name, value] of Object.entries({ NODE_ENV: 'development', ...environment })) vi.stubEnv(name, value);
  try {
    const { code, out, err } = await operator('schemas', 'recreate', ...args);
    return { code, output: out + err };
  } finally {
    vi.unstubAllEnvs();
  }
}
const auditOf = (targetId: string) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.action, 'table.recreate'), eq(auditLog.targetId, targetId)))
    .orderBy(desc(auditLog.occurredAt));

afterAll(async () => {
  const remove = (dataset: string) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.all(used.map(remove));
});

test('it tells the row count and deletes nothing without the name typed, nor in production or on the service without --i-know', async () => {
  const dataset = newDataset();
  await applySchemas(bigquery(), { dataset, folder: 'customers', location });
  await runDdl(
    bigquery(),
    `INSERT INTO ${dataset}.customer_usage_quotas (usage_id, customer_id, usage_date, daily_limit, last_updated)
      VALUES ('u1', 'c1', DATE '2026-01-01', 6, TIMESTAMP '2026-01-01')`,
    location,
  );
  const rows = () => countRows(bigquery(), dataset, 'customer_usage_quotas');
  const line = [dataset, 'customer_usage_quotas', '--folder', 'customers'];
  const confirmed = [...line, '--confirm', 'customer_usage_quotas'];
  const asked = await recreate(line);
  expect(asked.code).toBe(1);
  expect(asked.output).toContain('holds 1 row; recreating deletes all of them, and nothing can write them back');
  expect(asked.output).toContain('Repeat with --confirm customer_usage_quotas');
  const wrong = await recreate([...line, '--confirm', 'customer_profiles']);
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('not customer_profiles') });
  const production = await recreate(confirmed, { NODE_ENV: 'production' });
  expect(production).toMatchObject({ code: 1, output: expect.stringContaining('this is production') });
  const service = await recreate(confirmed, { BIGQUERY_API_URL: '' });
  expect(service).toMatchObject({ code: 1, output: expect.stringContaining('this is production') });
  expect(await rows()).toBe(1);
  expect(await auditOf(`${dataset}.customer_usage_quotas`)).toEqual([]);
  expect((await recreate(confirmed)).output).toContain('created anew with 22 columns and 0 rows');
  expect(await rows()).toBe(0);
  expect(await auditOf(`${dataset}.customer_usage_quotas`)).toMatchObject([
    { customerId: null, actorType: 'system', actorId: 'cli', before: { rows: 1 }, after: { rows: 0 } },
  ]);
});

test("a customer's own table is made anew by the customer's id, without a column that is gone from the file and with its rows from Postgres", async () => {
  const world = await createWorld();
  const dataset = world.tenantDatasetId;
  used.push(dataset);
  await ensureTenantDataset(bigquery(), dataset, location);
  const run = { pipeline_id: 'daily', trigger_type: 'api' as const, trigger_by: 'test' };
  const started = [await startRun(world.system, run), await startRun(world.system, run)];
  await flushOnce(relayDeps(), { mirrors: [runsMirror.name], customers: [world.customerId] });
  await runDdl(bigquery(), `ALTER TABLE ${dataset}.pipeline_runs ADD COLUMN of_an_older_version STRING`, location);
  await runDdl(
    bigquery(),
    `INSERT INTO ${dataset}.pipeline_runs (pipeline_logging_id, pipeline_id, tenant_id, status, trigger_type, trigger_by, start_time)
      VALUES ('only here', 'daily', '${world.customerId}', 'FAILED', 'api', 'test', TIMESTAMP '2026-01-01')`,
    location,
  );
  const done = await recreate([world.customerId, 'pipeline_runs', '--confirm', 'pipeline_runs']);
  expect(done.output).toContain(
    `${dataset}.pipeline_runs holds 3 rows; recreating deletes all of them, then 2 rows are written back from Postgres; lost for good: 1 row that only BigQuery holds`,
  );
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining('13 columns and 2 rows') });
  const live = await getTable(bigquery(), dataset, 'pipeline_runs');
  expect(live?.schema?.fields?.map(({ name }) => name)).not.toContain('of_an_older_version');
  expect(await countRows(bigquery(), dataset, 'pipeline_runs')).toBe(started.length);
  expect(await auditOf(`${dataset}.pipeline_runs`)).toMatchObject([
    { customerId: world.customerId, before: { rows: 3 }, after: { rows: 2 } },
  ]);
});

test.each([
  [{ held: null, inPostgres: null }, 'd.t does not exist'],
  [
    { held: 1_200, inPostgres: null },
    'd.t holds 1,200 rows; recreating deletes all of them, and nothing can write them back',
  ],
  [
    { held: 2, inPostgres: 5 },
    'd.t holds 2 rows; recreating deletes all of them, then 5 rows are written back from Postgres',
  ],
])('what is deleted and what comes back is told: %j', (rows, text) => {
  expect(warning('d.t', rows)).toBe(text);
});

test('the name typed lets it through outside production, with --i-know also there', () => {
  const flags = { confirm: 't', iKnow: false, production: false };
  expect(refusal('t', flags)).toBeNull();
  expect(refusal('t', { ...flags, production: true })).toContain('this is production');
  expect(refusal('t', { ...flags, production: true, iKnow: true })).toBeNull();
  expect(refusal('t', { ...flags, confirm: undefined })).toContain('--confirm t');
});
