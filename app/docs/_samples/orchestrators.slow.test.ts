/** What the guides of orchestrators and of Python workers tell a reader to copy does what they say, byte for byte. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  airflowTask,
  airflowVariables,
  dagsterDefinitions,
  dbtCommands,
  greatExpectations,
  greatExpectationsOfWorker,
  openLineageSettings,
  openLineageVariables,
} from '@/app/docs/_samples/orchestrators';
import { claimingWorker, pythonVariables, pythonWorker, reservingWorker } from '@/app/docs/_samples/python-workers';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { openPlanes, type Planes } from '@/dev/testing/lineage/planes';
import { runProgram } from '@/dev/testing/lineage/program';
import { checksOf, createSender, namesOf, onlyRun, type Sender } from '@/dev/testing/lineage/sender';
import { toldRuns } from '@/dev/testing/lineage/told-runs';
import { insertPendingRuns } from '@/dev/testing/runs';

const folder = 'lib/edge/v1/lineage/clients';
const bins: Record<string, string> = {};
let planes: Planes;
let home: string;
beforeAll(async () => {
  for (const name of ['dbt', 'airflow', 'dagster', 'great-expectations'])
    bins[name] = dirname(await clientVenv(name, `${folder}/${name}-requirements.txt`));
  // Its packages are there; our client itself is read from its sources.
  bins.tenantry = dirname(await clientVenv('tenantry', 'lib/edge/v1/workers/python-client-requirements.txt'));
  home = await mkdtemp(join(tmpdir(), 'guides-'));
  planes = await openPlanes();
}, 900_000);
afterAll(async () => {
  await planes?.close();
  await rm(home, { recursive: true, force: true });
});

/** Copies the shop of the tests; answers where it is. */
async function dbtProject(): Promise<string> {
  const project = await mkdtemp(join(home, 'shop-'));
  await cp(join(checkoutDir, folder, 'dbt-shop'), project, { recursive: true });
  return project;
}

/** Lines for a shell, as a reader types them who has a key. */
const shell = (lines: string, { key }: Sender, { cwd = home, bin = '', env = {} } = {}) =>
  runProgram('bash', ['-euc', lines], { cwd, bin, env: { ...env, TENANTRY_KEY: key } });

test('dbt: the two variables and the command', async () => {
  const sender = await createSender();
  const { output } = await shell(dbtCommands(planes.proxy.url), sender, { cwd: await dbtProject(), bin: bins.dbt });
  expect(output).toContain('Done. PASS=');
  const found = await onlyRun(sender, 'FAILED');
  expect(namesOf(found)).toContain('model model.shop.stg_orders: COMPLETED');
  expect(found.run.checksFailed).toBe(1);
});

test('OpenLineage: the single settings, of which one is compression', async () => {
  const sender = await createSender();
  planes.proxy.begin();
  const program = `"${join(bins.dbt ?? '', 'python')}" "${join(checkoutDir, folder, 'openlineage-client.py')}" ok`;
  const { code, output } = await shell(`${openLineageSettings(planes.proxy.url)}\n${program}`, sender);
  expect(code, output).toBe(0);
  await onlyRun(sender, 'COMPLETED');
  expect(planes.proxy.passed.map(({ encoding }) => encoding)).toEqual(Array(5).fill('gzip'));
});

test('Airflow: the variables; and dbt in a task, whose models are steps of the run of the DAG', async () => {
  const sender = await createSender();
  const dags = join(home, 'dags');
  await mkdir(dags);
  const dag = [
    'import datetime',
    'from airflow.providers.standard.operators.bash import BashOperator',
    'from airflow.sdk import DAG',
    'with DAG("daily", schedule=None, start_date=datetime.datetime(2026, 1, 1)):',
    // The test's dbt has an environment of its own, and its project is elsewhere.
    airflowTask.replace('/path/to/project', await dbtProject()).replaceAll(/^/gm, '    '),
  ].join('\n');
  await writeFile(join(dags, 'daily.py'), dag);
  const env = {
    AIRFLOW_HOME: join(home, 'airflow'),
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
  };
  const bin = `${bins.airflow}:${bins.dbt}`;
  const command = `airflow db migrate\nairflow dags test daily -f "${dags}/daily.py"`;
  const lines = [airflowVariables(planes.proxy.url), openLineageVariables(planes.proxy.url), command].join('\n');
  await shell(lines, sender, { env, bin });
  const found = await onlyRun(sender, 'FAILED');
  expect(found.run).toMatchObject({ pipelineId: 'daily', jobNamespace: 'shop', orchestrator: 'AIRFLOW' });
  const names = namesOf(found);
  expect(names).toContain('task daily.dbt: FAILED');
  expect(names).toContain('model shop.main.shop.stg_orders.build.run: COMPLETED');
  expect(checksOf(found)).toHaveLength(1);
  // Airflow starts a process for each task, and imports thousands of modules in each.
}, 240_000);

test('Dagster: the definitions, whose sensor a daemon would call', async () => {
  const sender = await createSender();
  const own = await mkdtemp(join(home, 'dagster-'));
  const log = [
    'module: dagster._core.storage.event_log',
    'class: ConsolidatedSqliteEventLogStorage',
    'config:',
    `  base_dir: ${own}`,
  ];
  await writeFile(join(own, 'dagster.yaml'), `event_log_storage:\n${log.map(line => `  ${line}\n`).join('')}`);
  const daemon = `
with dg.DagsterInstance.from_config("${own}") as instance:
    defs.resolve_job_def("daily").execute_in_process(instance=instance)
    defs.get_sensor_def("openlineage_sensor").evaluate_tick(dg.build_sensor_context(instance=instance, definitions=defs))
`;
  await writeFile(join(own, 'definitions.py'), dagsterDefinitions + daemon);
  const lines = `${openLineageVariables(planes.proxy.url)}\nexport OPENLINEAGE_NAMESPACE=shop\npython definitions.py`;
  const { code, output } = await shell(lines, sender, { cwd: own, bin: bins.dagster });
  expect(code, output).toBe(0);
  const found = await onlyRun(sender, 'COMPLETED');
  expect(found.run.pipelineId).toBe('daily');
  expect(checksOf(found)).toEqual(['shop/orders by orders__checks: PASS, 1 passed, 0 failed']);
});

/** Rows that must not leave the program: none of their values may be in what is sent. */
const rows = { order_id: [1, 2, 2, 4], customer: ['mia-secret', 'tom-secret', null, 'eve-secret'] };
const checkpoint = `
import great_expectations as gx
import pandas as pd
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("shop").add_dataframe_asset("orders")
batch = asset.add_batch_definition_whole_dataframe("all")
suite = context.suites.add(gx.ExpectationSuite(name="orders_suite"))
suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column="order_id"))
suite.add_expectation(gx.expectations.ExpectColumnValuesToBeInSet(column="customer", value_set=["nobody"]))
suite.add_expectation(gx.expectations.ExpectColumnMostCommonValueToBeInSet(column="customer", value_set=["a"], severity="warning"))
suite.add_expectation(gx.expectations.ExpectColumnDistinctValuesToBeInSet(column="customer", value_set=["a"]))
suite.add_expectation(gx.expectations.ExpectColumnValuesToBeUnique(column="order_id", severity="warning"))
suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column="nowhere"))
definition = context.validation_definitions.add(gx.ValidationDefinition(name="orders", data=batch, suite=suite))
checkpoint = context.checkpoints.add(gx.Checkpoint(name="orders", validation_definitions=[definition]))
result = checkpoint.run(batch_parameters={"dataframe": pd.DataFrame(${JSON.stringify(rows).replace('null', 'None')})})
`;

test('Great Expectations: twenty lines post a result, and no value of a row', async () => {
  expect(greatExpectations.split('\n').filter(line => line.trim() !== '').length).toBeLessThanOrEqual(22);
  const sender = await createSender();
  planes.proxy.begin();
  await writeFile(
    join(home, 'checks.py'),
    `${greatExpectations}\n${checkpoint}\nreport(result, "bigquery", "shop.main.orders")\n`,
  );
  const lines = `${openLineageVariables(planes.proxy.url)}\npython checks.py`;
  const { code, output } = await shell(lines, sender, { bin: bins['great-expectations'] });
  expect(code, output).toBe(0);
  const found = await onlyRun(sender, 'FAILED');
  expect(checksOf(found)).toEqual(['bigquery/shop.main.orders by orders_suite: FAIL, 1 passed, 5 failed']);
  expect(found.checks[0]?.failedExpectations).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        assertion: 'expect_column_values_to_be_unique',
        column: 'order_id',
        actual: '2',
        severity: 'warn',
      }),
      expect.objectContaining({
        assertion: 'expect_column_values_to_not_be_null',
        column: 'nowhere',
        severity: 'error',
      }),
    ]),
  );
  expect(JSON.stringify(planes.proxy.passed)).not.toContain('secret');
});

/** Runs a program of our client. */
async function work(program: string, sender: Sender) {
  const file = join(home, 'worker.py');
  await writeFile(file, program);
  const sources = join(checkoutDir, 'clients/python/src');
  const lines = `${pythonVariables(planes.proxy.url)}\npython worker.py`;
  const own = { PYTHONPATH: sources, TENANTRY_SPOOL_DIR: join(home, 'spool') };
  return shell(lines, sender, { bin: bins.tenantry, env: own });
}

test('Great Expectations in a worker’s run: its suites are checks of that run', async () => {
  const sender = await createSender();
  // What a result answers of a suite, without the packages that make it: our client has an environment of its own.
  const made = `
class Found:
    def to_json_dict(self):
        config = {"type": "unique", "kwargs": {"column": "order_id"}}
        found = [{"success": False, "expectation_config": config, "result": {"partial_unexpected_list": ["secret"]}}]
        return {"suite_name": "orders_suite", "results": found, "statistics": {"successful_expectations": 4}}
class Result:
    run_results = {"orders": Found()}
from tenantry import Client
with Client().run("daily") as run:
    report(run, Result(), "shop.main.orders")
`;
  const { code, output } = await work(`${greatExpectationsOfWorker}\n${made}`, sender);
  expect(code, output).toBe(0);
  const found = await onlyRun(sender, 'COMPLETED');
  expect(checksOf(found)).toEqual(['shop.main.orders by orders_suite: FAIL, 4 passed, 1 failed']);
  expect(JSON.stringify(found)).not.toContain('secret');
});

test('Python workers: a run with a step and a check', async () => {
  const sender = await createSender();
  const { code, output } = await work(pythonWorker, sender);
  expect(code, output).toBe(0);
  const found = await onlyRun(sender, 'COMPLETED');
  expect(found.run).toMatchObject({ pipelineId: 'gcp_billing_daily', origin: 'api', rowsProcessed: 1_200 });
  expect(namesOf(found)).toEqual(['bigquery_to_bigquery load_costs: COMPLETED']);
  expect(checksOf(found)).toEqual(['project.finops.costs by costs_suite: FAIL, 11 passed, 1 failed']);
});

test('Python workers: a refused start says until when', async () => {
  const sender = await createSender();
  for (let start = 1; start <= 6; start++) await work(reservingWorker, sender);
  const refused = await work(reservingWorker, sender);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/Again from \d{4}-\d\d-\d\d 00:00:00\+00:00\./);
  expect(await toldRuns(sender.world)).toHaveLength(6);
});

test('Python workers: one that waits for runs works on what comes', async () => {
  const sender = await createSender();
  await insertPendingRuns(sender.world, 1, { pipelineId: 'gcp_billing_daily' });
  const once = claimingWorker.replace('wait_seconds=30', 'wait_seconds=1, forever=False');
  const { code, output } = await work(once, sender);
  expect(code, output).toBe(0);
  expect(namesOf(await onlyRun(sender, 'COMPLETED'))).toEqual(['bigquery_to_bigquery load_costs: COMPLETED']);
});
