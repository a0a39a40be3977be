/** The schema commands as an operator types them, judged by their output and exit code. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { createWorld } from '@/dev/testing/world';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { runDdl } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const projectId = process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local';
const client = createBigQuery({ projectId, apiUrl: process.env.BIGQUERY_API_URL });
const dataset = `cli_${randomBytes(5).toString('hex')}`;
const tenant = `cli_tenant_${randomBytes(5).toString('hex')}`;
const onCustomers = ['--dataset', dataset, '--folder', 'customers'];

/** In this process, with these settings; its output is what a terminal shows. */
async function cli(
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const settings = { GOOGLE_CLOUD_PROJECT: projectId, NODE_ENV: 'development', ...environment };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  try {
    const { code, out, err } = await operator('schemas', ...args);
    return { code, output: out + err };
  } finally {
    vi.unstubAllEnvs();
  }
}

afterAll(async () => {
  for (const name of [dataset, tenant]) {
    await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${name}`, qs: { deleteContents: true } });
  }
});

test('plan names its target and changes nothing; apply does it once, then there is nothing to change', async () => {
  const plan = await cli(['plan', ...onCustomers]);
  expect(plan.output).toContain(`project ${projectId}, dataset ${dataset} (schemas/customers), US, development`);
  expect(plan.output).toContain('11 to make, 0 refused');
  expect(plan.code).toBe(0);
  expect((await cli(['apply', ...onCustomers])).output).toContain('11 made, 0 refused');
  expect(await cli(['apply', ...onCustomers])).toMatchObject({
    code: 0,
    output: expect.stringContaining('nothing to change'),
  });
  const again = await cli(['plan', ...onCustomers]);
  expect(again.output).toContain('nothing to change');
  expect(again.output).toContain('10 of 10 statements valid');
});

test('a refused change is told with its reason and exit code 2, by plan and by apply', async () => {
  await bigqueryRequest(client, {
    method: 'POST',
    uri: '/datasets',
    json: { datasetReference: { projectId, datasetId: tenant }, location },
  });
  await runDdl(client, `CREATE TABLE ${tenant}.api_keys (api_key_id INT64)`, location);
  for (const command of ['plan', 'apply']) {
    const refused = await cli([command, '--dataset', tenant]);
    expect(refused.output).toMatch(/^! refuse .*api_keys\.api_key_id: type INT64 to STRING/m);
    expect(refused.code).toBe(2);
  }
});

test('backup writes a schema file and a data file a table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-'));
  expect((await cli(['backup', ...onCustomers, '--out', folder])).code).toBe(0);
  const files = await readdir(join(folder, dataset));
  expect(files.filter(file => file.endsWith('.schema.json'))).toHaveLength(10);
  expect(files.filter(file => file.endsWith('.ndjson'))).toHaveLength(10);
  await rm(folder, { recursive: true });
});

test('security apply says what a local BigQuery cannot do instead of passing over it', async () => {
  const { output, code } = await cli(['security', 'apply', '--dataset', dataset]);
  expect(output).toContain(`made               view ${dataset}_rls.customer_profiles_view`);
  expect(output).toContain('not available here taxonomy "Customer Data Taxonomy"');
  expect(output).toContain('11 made, 0 missing, 17 not available here');
  expect(code).toBe(0);
  const qs = { deleteContents: true };
  await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}_rls`, qs });
});

test('security apply makes the dataset of one customer’s desk and says that accounts are for the service', async () => {
  const { customerId, tenantDatasetId } = await createWorld();
  const portal = 'serviceAccount:portal@acme.iam.gserviceaccount.com';
  const apply = () => cli(['security', 'apply', '--customer', customerId, '--portal', portal]);
  const { output, code } = await apply();
  expect(output).toContain(`made               dataset ${tenantDatasetId}_desk`);
  expect(output).toMatch(/not available here service account desk-[0-9a-f]{24}@/);
  expect(output).toContain('1 made, 0 missing, 4 not available here');
  expect(code).toBe(0);
  expect((await apply()).output).toContain('1 present, 0 made, 0 missing');
  await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${tenantDatasetId}_desk` });
});

test.each<[string, string[], string]>([
  ['an unknown command', ['destroy'], 'There is no command schemas destroy'],
  ['an unknown option', ['plan', '--bogus'], "Unknown option '--bogus'"],
  ['a folder that is none', ['plan', '--folder', 'x'], 'Expected one of: customers, metadata'],
  ['a security command without its verb', ['security'], 'Name a command'],
  ['a desk without the portal’s account', ['security', 'apply', '--customer', 'cus_x'], '--customer needs --portal'],
  ['an account that is none', ['security', 'apply', '--customer', 'cus_x', '--portal', 'me'], '--portal must be'],
  [
    'a desk of nobody',
    ['security', 'plan', '--customer', 'cus_nobody', '--portal', 'serviceAccount:a@b.c'],
    'There is no customer cus_nobody',
  ],
  ['a dataset name that is none', ['plan', '--dataset', 'x;y'], 'not a dataset name'],
  ['all tenants and one dataset', ['apply', '--all-tenants', '--dataset', 'x'], 'leave out --dataset'],
  ['JSON of one dataset', ['plan', '--json'], '--json goes with --all-tenants'],
  ['a bucket that is none', ['backup', '--bucket', 's3://x'], '--bucket must be gs://name'],
  ['a table that is not defined', ['recreate', 'customers', 'nope', '--confirm', 'nope'], 'defines no table nope'],
  ['a dataset without table', ['recreate', 'customers', '--confirm', 'customers'], 'Missing required positional'],
  ['a customer that is none', ['recreate', 'cus_nobody', 'step_logs'], 'There is no customer cus_nobody'],
])('%s is answered with a sentence and exit code 1', async (_, args, sentence) => {
  const ended = await operator('schemas', ...args);
  expect(ended.out + ended.err).toContain(sentence);
  expect(ended.code).toBe(1);
});
