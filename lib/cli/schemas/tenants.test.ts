/** All tenants in one command: below the service's limits, and nobody stopped by another's trouble. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type CloudDouble, startCloudDouble } from '@/dev/testing/cloud';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { eachTenant, type TenantWork } from '@/lib/cli/schemas/tenants';
import type { TenantsReport } from '@/lib/cli/schemas/tenants-report';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { runDdl } from '@/lib/warehouse/schemas/rest';

let dropDatabase: () => Promise<void>;
const project = process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local';
const local = process.env.BIGQUERY_API_URL ?? '';
const client = createBigQuery({ projectId: project, apiUrl: local });
const double: CloudDouble = await startCloudDouble();
const tables = loadDefinitions('metadata').length;
const prefix = `each_${randomBytes(5).toString('hex')}`;
const tenant = (name: string) => ({ customerId: `cus_${name}`, dataset: name });
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => tenant(`${prefix}_${String(index).padStart(2, '0')}`));

const applying: TenantWork = {
  done: 'made',
  resumes: true,
  work: ({ client: own, ...rest }) => applySchemas(own, rest),
};
const planning: TenantWork = {
  done: 'to make',
  resumes: false,
  work: ({ client: own, ...rest }) => planSchemas(own, { ...rest, definitions: loadDefinitions('metadata') }),
};

/** Runs it over these and answers its exit code and both outputs. */
async function run(what: TenantWork, tenants: { customerId: string; dataset: string }[], json = false) {
  const printed = { out: '', err: '' };
  const spies = (['stdout', 'stderr'] as const).map(stream =>
    vi.spyOn(process[stream], 'write').mockImplementation(text => {
      printed[stream === 'stdout' ? 'out' : 'err'] += String(text);
      return true;
    }),
  );
  try {
    return { code: await eachTenant({ project, json }, what, async () => tenants), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const linesOf = (text: string) => text.trimEnd().split('\n');

beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
beforeEach(() => {
  double.resources.clear();
  double.cameMs.length = 0;
  double.refuse = () => null;
  process.env.BIGQUERY_API_URL = double.url;
});
afterAll(async () => {
  await double.close();
  for (const name of ['a', 'b', 'c']) {
    const uri = `/datasets/${prefix}_${name}`;
    await bigqueryRequest(client, { method: 'DELETE', uri, qs: { deleteContents: true } });
  }
  await dropDatabase();
});

test('each dataset gets what it lacks, told line by line and summed at the end, and repeating changes nothing', async () => {
  process.env.BIGQUERY_API_URL = local;
  const tenants = ['a', 'b', 'c'].map(name => tenant(`${prefix}_${name}`));
  const plan = await run(planning, tenants);
  expect(plan).toMatchObject({ code: 0, out: expect.stringContaining(`changes to make: 3 create_dataset, `) });
  const first = await run(applying, tenants);
  expect(first.out).toContain('the own datasets of 3 customers (schemas/metadata)');
  expect(first.out).toMatch(new RegExp(`^[1-3] of 3 {2}\\+ create_table +${prefix}_b\\.dq_results: create with`, 'm'));
  expect(linesOf(first.out).slice(-2)).toEqual([
    expect.stringMatching(/^3 datasets in [\d.]+ s: 3 changed, 0 as they should be, 0 failed$/),
    `changes made: 3 create_dataset, ${3 * tables} create_table; 0 refused`,
  ]);
  await runDdl(client, `DROP TABLE ${prefix}_b.dq_results`, 'US');
  const second = await run(applying, tenants);
  expect(linesOf(second.out).filter(line => line.includes(' + '))).toEqual([
    expect.stringContaining(`${prefix}_b.dq_results`),
  ]);
  expect(linesOf((await run(applying, tenants)).out).at(-1)).toBe('changes made: none; 0 refused');
});

test('one that is refused, one whose name is none and one asked too fast stop nobody: all others are done, and the report names them', async () => {
  const tenants = [...many(14), tenant('not;a;name')];
  const [, denied = tenant(''), slow = tenant('')] = tenants;
  let slowed = 0;
  double.refuse = (_, path) => {
    if (path.includes(denied.dataset)) return 'accessDenied';
    return path.includes(slow.dataset) && slowed++ === 0 ? 'rateLimitExceeded' : null;
  };
  const ended = await run(applying, tenants);
  expect(ended.code).toBe(1);
  expect(linesOf(ended.out).slice(-5)).toEqual([
    expect.stringMatching(/^15 datasets in [\d.]+ s: 13 changed, 0 as they should be, 2 failed$/),
    `changes made: 13 create_dataset, ${13 * tables} create_table; 0 refused`,
    expect.stringMatching(/^! failed {3}\S+ \(cus_\S+\): (refused for accessDenied|not a dataset name: not;a;name)$/),
    expect.stringMatching(/^! failed/),
    'Repeat the command for those that failed.',
  ]);
  expect(ended.out).toContain(`! failed   ${denied.dataset} (${denied.customerId}): refused for accessDenied`);
  expect([...double.resources.keys()].filter(path => path.includes(slow.dataset))).toHaveLength(1 + tables);
});

test('requests are sent at half of the rate that the service takes, and never come faster than that', async () => {
  const startedMs = performance.now();
  await run(applying, many(25));
  const { cameMs } = double;
  // 50 go at once and 50 in each second after.
  expect(performance.now() - startedMs).toBeGreaterThan((Math.ceil(cameMs.length / 50) - 1) * 1_000);
  expect(cameMs.length).toBeGreaterThan(120);
  const inOneSecond = (fromMs: number) => cameMs.filter(atMs => atMs >= fromMs && atMs < fromMs + 1_000).length;
  expect(Math.max(...cameMs.map(inOneSecond))).toBeLessThanOrEqual(100);
});

test('a refused change is exit code 2, and its table is named', async () => {
  const [one = tenant('')] = many(1);
  await run(applying, [one]);
  const [path = ''] = [...double.resources.keys()].filter(key => key.endsWith('/step_logs'));
  const table = double.resources.get(path) as { schema: { fields: { name: string; type: string }[] } };
  const fields = table.schema.fields.map(field => (field.name === 'step_name' ? { ...field, type: 'INT64' } : field));
  double.resources.set(path, { ...table, schema: { fields } });
  const ended = await run(applying, [one, ...many(2).slice(1)]);
  expect(ended.code).toBe(2);
  expect(linesOf(ended.out).at(-1)).toContain(`! refused  ${one.dataset}.step_logs.step_name: type INT64 to STRING`);
});

test('with --json standard output is the report and nothing else', async () => {
  const tenants = many(2);
  double.refuse = (_, path) => (path.includes(tenants[1]?.dataset ?? '') ? 'accessDenied' : null);
  const ended = await run(applying, tenants, true);
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('create_table') });
  expect(JSON.parse(ended.out) as TenantsReport).toEqual({
    datasets: 2,
    done_before: 0,
    changed: 1,
    unchanged: 0,
    not_reached: 0,
    failed: [{ customer_id: tenants[1]?.customerId, dataset: tenants[1]?.dataset, error: 'refused for accessDenied' }],
    refused: [],
    changes: { create_dataset: 1, create_table: tables },
    seconds: expect.any(Number),
  });
});

test('two of them at once: the second says that the first is at work', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const work = async () => {
    begun.resolve();
    await gate.promise;
    return [];
  };
  const first = run({ ...applying, work }, many(1));
  await begun.promise;
  await expect(eachTenant({ project, json: false }, applying, async () => many(1))).rejects.toMatchObject({
    code: 'conflict',
  });
  gate.resolve();
  expect((await first).code).toBe(0);
});
