/** Dagster and Airflow as they are published report their jobs through their own OpenLineage packages, by settings alone. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { openPlanes, type Planes } from '@/dev/testing/lineage/planes';
import { runProgram, runWell } from '@/dev/testing/lineage/program';
import {
  allApplied,
  checksOf,
  createSender,
  namesOf,
  onlyRun,
  readBack,
  type Sender,
} from '@/dev/testing/lineage/sender';
import { toldRuns } from '@/dev/testing/lineage/told-runs';

const folder = join(checkoutDir, 'lib/edge/v1/lineage/clients');
const pins = (name: string) => `lib/edge/v1/lineage/clients/${name}-requirements.txt`;
let planes: Planes;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'orchestrators-'));
  planes = await openPlanes();
}, 120_000);
afterAll(async () => {
  await planes.close();
  await rm(home, { recursive: true, force: true });
});

describe('Dagster', () => {
  let python: string;
  beforeAll(async () => {
    python = await clientVenv('dagster', pins('dagster'));
  }, 600_000);

  async function runJob(sender: Sender, how: 'sensor' | 'storage', outcome: 'ok' | 'fail'): Promise<string> {
    const own = join(home, sender.world.customerId);
    await mkdir(own);
    const env = { OPENLINEAGE_URL: planes.proxy.url, OPENLINEAGE_API_KEY: sender.key, OPENLINEAGE_NAMESPACE: 'shop' };
    const said = await runWell(python, [join(folder, 'dagster-client.py'), how, outcome, own], { env, cwd: own });
    return said.trim().split('\n').at(-1) ?? '';
  }
  const assets = (totals: string) => [
    'task orders: COMPLETED',
    'task orders__checks: COMPLETED',
    `task totals: ${totals}`,
  ];
  const checks = ['shop/orders by orders__checks: FAIL, 1 passed, 1 failed'];

  test.each([
    ['ok', 'COMPLETED'],
    ['fail', 'FAILED'],
  ] as const)(
    'by its sensor: a job that ends %s is one run; its steps, assets and checks are of it',
    async (outcome, status) => {
      const sender = await createSender();
      const id = await runJob(sender, 'sensor', outcome);
      const found = await onlyRun(sender, status);
      expect(found.run).toMatchObject({
        pipelineLoggingId: id,
        pipelineId: 'daily',
        origin: 'observed',
        jobNamespace: 'shop',
      });
      expect(namesOf(found).sort()).toEqual(
        [
          ...assets(status),
          'task daily.orders: COMPLETED',
          'task daily.orders_orders_have_customers: COMPLETED',
          'task daily.orders_orders_have_ids: COMPLETED',
          `task daily.totals: ${status}`,
        ].sort(),
      );
      expect(checksOf(found)).toEqual(checks);
      await readBack(planes.proxy.url, sender, found);
    },
  );

  test.each([
    ['ok', 'COMPLETED'],
    ['fail', 'FAILED'],
  ] as const)(
    'by its event log, which tells of no run: %s, assets are steps and none of them ends the run',
    async (outcome, status) => {
      const sender = await createSender();
      const id = await runJob(sender, 'storage', outcome);
      await allApplied(sender);
      const all = await toldRuns(sender.world);
      expect(all.map(({ run }) => [run.pipelineLoggingId, run.status])).toEqual([[id, 'RUNNING']]);
      // It sends no START of the checks: they are a step once a minute has passed without one.
      expect(all.flatMap(namesOf).sort()).toEqual(assets(status).filter(step => !step.includes('__checks')));
      expect(all.flatMap(checksOf)).toEqual(checks);
    },
  );
});

/** Airflow starts a process for each task, and imports thousands of modules in each. */
const airflowTimeoutMs = 240_000;

describe('Airflow', () => {
  let bin: string;
  let dags: string;
  /** What every command of Airflow is told. */
  let common: Record<string, string>;
  beforeAll(async () => {
    bin = dirname(await clientVenv('airflow', pins('airflow')));
    dags = join(home, 'dags');
    await mkdir(dags);
    await cp(join(folder, 'airflow-dag.py'), join(dags, 'daily.py'));
    common = { AIRFLOW_HOME: home, AIRFLOW__CORE__DAGS_FOLDER: dags, AIRFLOW__CORE__LOAD_EXAMPLES: 'False' };
    await runWell(join(bin, 'airflow'), ['db', 'migrate'], { env: common, bin });
  }, 600_000);

  async function runDag({ key }: Sender, outcome: 'ok' | 'fail'): Promise<void> {
    const transport = { type: 'http', url: planes.proxy.url, auth: { type: 'api_key', apiKey: key } };
    const env = {
      ...common,
      AIRFLOW__OPENLINEAGE__TRANSPORT: JSON.stringify(transport),
      AIRFLOW__OPENLINEAGE__NAMESPACE: 'shop',
      AIRFLOW_OUTCOME: outcome,
    };
    const args = ['dags', 'test', 'daily', '-f', join(dags, 'daily.py')];
    const { output } = await runProgram(join(bin, 'airflow'), args, { env, bin });
    expect(output).toContain('DagRun Finished');
  }

  test(
    'a DAG is one run, its tasks are steps',
    async () => {
      const sender = await createSender();
      await runDag(sender, 'ok');
      const found = await onlyRun(sender, 'COMPLETED');
      expect(found.run).toMatchObject({ pipelineId: 'daily', orchestrator: 'AIRFLOW', jobNamespace: 'shop' });
      expect(namesOf(found)).toEqual(['task daily.load: COMPLETED', 'task daily.report: COMPLETED']);
      await readBack(planes.proxy.url, sender, found);
    },
    airflowTimeoutMs,
  );

  test(
    'a task that fails is a step with its error, and the run failed',
    async () => {
      const sender = await createSender();
      await runDag(sender, 'fail');
      const found = await onlyRun(sender, 'FAILED');
      expect(namesOf(found)).toEqual(['task daily.load: COMPLETED', 'task daily.report: FAILED']);
      expect(found.steps.at(-1)?.errorMessage).toContain('boom');
    },
    airflowTimeoutMs,
  );
});
