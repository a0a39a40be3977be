/** The schema CLI as an operator runs it: a process of its own, judged by its output and exit code. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { schemasCommand } from '@/lib/cli/schemas';
import { eachTenant } from '@/lib/cli/schemas-tenants';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { countRows } from '@/lib/warehouse/schemas/recreate';
import { runDdl } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const projectId = process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local';
const client = createBigQuery({ projectId, apiUrl: process.env.BIGQUERY_API_URL });
const dataset = `cli_${randomBytes(5).toString('hex')}`;
const tenant = `cli_tenant_${randomBytes(5).toString('hex')}`;
const onCustomers = ['--dataset', dataset, '--folder', 'customers'];

function cli(args: string[], environment: Record<string, string> = {}): { code: number; output: string } {
  const script = `import { schemasCommand } from '@/lib/cli/schemas'; process.exitCode = await schemasCommand(${JSON.stringify(args)});`;
  const env = {
    ...process.env,
    GOOGLE_CLOUD_PROJECT: projectId,
    NODE_ENV: 'development',
    ...environment,
  } as NodeJS.ProcessEnv;
  try {
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { env });
    return { code: 0, output: String(output) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer };
    return { code: status, output: `${stdout}${stderr}` };
  }
}

afterAll(async () => {
  for (const name of [dataset, tenant, ...['a', 'b', 'c'].map(part => `${tenant}_${part}`)]) {
    await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${name}`, qs: { deleteContents: true } });
  }
});

test('plan names its target and changes nothing; apply does it once, then there is nothing to change', () => {
  const plan = cli(['plan', ...onCustomers]);
  expect(plan.output).toContain(`project ${projectId}, dataset ${dataset} (schemas/customers), US, development`);
  expect(plan.output).toContain('11 to make, 0 refused');
  expect(plan.code).toBe(0);
  expect(cli(['apply', ...onCustomers]).output).toContain('11 made, 0 refused');
  expect(cli(['apply', ...onCustomers])).toMatchObject({
    code: 0,
    output: expect.stringContaining('nothing to change'),
  });
  const again = cli(['plan', ...onCustomers]);
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
    const refused = cli([command, '--dataset', tenant]);
    expect(refused.output).toMatch(/^! refuse .*api_keys\.api_key_id: type INT64 to STRING/m);
    expect(refused.code).toBe(2);
  }
});

test('all tenants are brought to their schemas by one command, whatever is the matter with one of them', async () => {
  const datasets = [`${tenant}_a`, 'not;a;name', `${tenant}_b`, `${tenant}_c`].map(name => ({ dataset: name }));
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0);
  const applyAll = () =>
    eachTenant(
      { project: projectId },
      'made',
      ({ client: own, ...rest }) => applySchemas(own, rest),
      async () => datasets,
    );
  try {
    expect(await applyAll()).toBe(1);
    expect(lines.join('')).toContain('the own datasets of 4 customers (schemas/metadata)');
    expect(lines.join('')).toContain('! failed                 not;a;name: not a dataset name');
    expect(lines.join('')).toContain('15 made, 0 refused');
    expect(lines.at(-1)).toBe('1 of 4 datasets could not be asked; repeat the command\n');
    await runDdl(client, `DROP TABLE ${tenant}_b.dq_results`, location);
    datasets.splice(1, 1);
    lines.length = 0;
    expect(await applyAll()).toBe(0);
    expect(lines.filter(line => line.startsWith('+'))).toEqual([expect.stringContaining(`${tenant}_b.dq_results`)]);
  } finally {
    write.mockRestore();
  }
});

test('backup writes a schema file and a data file a table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-'));
  expect(cli(['backup', ...onCustomers, '--out', folder]).code).toBe(0);
  const files = await readdir(join(folder, dataset));
  expect(files.filter(file => file.endsWith('.schema.json'))).toHaveLength(10);
  expect(files.filter(file => file.endsWith('.ndjson'))).toHaveLength(10);
  await rm(folder, { recursive: true });
});

test('recreate tells the row count and deletes nothing without --yes, nor in production or on the service without --i-know', async () => {
  await runDdl(
    client,
    `INSERT INTO ${dataset}.customer_usage_quotas (usage_id, customer_id, usage_date, daily_limit, last_updated)
      VALUES ('u1', 'c1', DATE '2026-01-01', 6, TIMESTAMP '2026-01-01')`,
    location,
  );
  const rows = () => countRows(client, dataset, 'customer_usage_quotas');
  const recreate = ['recreate', `${dataset}.customer_usage_quotas`, '--folder', 'customers'];
  expect(cli(recreate)).toMatchObject({ code: 1, output: expect.stringContaining('holds 1 rows') });
  const production = cli([...recreate, '--yes'], { NODE_ENV: 'production' });
  expect(production).toMatchObject({ code: 1, output: expect.stringContaining('this is production') });
  expect(await rows()).toBe(1);
  const service = cli([...recreate, '--yes'], { BIGQUERY_API_URL: '' });
  expect(service).toMatchObject({ code: 1, output: expect.stringContaining('this is production') });
  expect(cli([...recreate, '--yes']).output).toContain('created anew with 22 columns and 0 rows');
  expect(await rows()).toBe(0);
});

test('security apply says what a local BigQuery cannot do instead of passing over it', async () => {
  const { output, code } = cli(['security', 'apply', '--dataset', dataset]);
  expect(output).toContain(`made               view ${dataset}_rls.customer_profiles_view`);
  expect(output).toContain('not available here taxonomy "Customer Data Taxonomy"');
  expect(output).toContain('11 made, 0 missing, 17 not available here');
  expect(code).toBe(0);
  const qs = { deleteContents: true };
  await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}_rls`, qs });
});

test.each<[string, string[], string]>([
  ['an unknown command', ['destroy'], 'Usage:'],
  ['an unknown option', ['plan', '--bogus'], "Unknown option '--bogus'"],
  ['a dataset name that is none', ['plan', '--dataset', 'x;y'], 'not a dataset name'],
  ['all tenants and one dataset', ['apply', '--all-tenants', '--dataset', 'x'], 'leave out --dataset'],
  ['a bucket that is none', ['backup', '--bucket', 's3://x'], '--bucket must be gs://name'],
  ['a table that is not defined', ['recreate', 'customers.nope', '--yes'], 'defines no table nope'],
  ['a table without dataset', ['recreate', 'customer_profiles', '--yes'], 'as customers.customer_profiles'],
])('%s is answered with a sentence and exit code 1', async (_, args, sentence) => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0);
  const code = await schemasCommand(args).finally(() => write.mockRestore());
  expect(lines.join('')).toContain(sentence);
  expect(code).toBe(1);
});
