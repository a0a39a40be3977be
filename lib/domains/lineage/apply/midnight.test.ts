/** What BigQuery holds of an observed run, while its start moves, is taken back, and is told anew. */
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { mirrorRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { utcDay } from '@/lib/platform/clock';

async function rowsOf({ tenantDatasetId }: World, table: string, columns: string) {
  const statement = `SELECT ${columns} FROM \`${tenantDatasetId}.${table}\` ORDER BY 1, 2`;
  return (await runStatement({ name: 'test/lineage', sql: statement })).rows;
}

const midnight = new Date(`${utcDay(new Date(Date.now() - 86_400_000))}T00:00:00Z`);

test('a run whose START lies on the day before its first event is one row, with its steps and checks', async () => {
  const [world, { run, step }] = [await createWorld(), story(midnight)];
  const dag = run();
  const load = step(dag, { name: 'load' });
  await tell(world, [load.event('START', 20)]);
  await mirrorRuns(world);
  const columns = 'pipeline_logging_id, start_time, status';
  expect(await rowsOf(world, 'pipeline_runs', columns)).toMatchObject([{ status: 'RUNNING' }]);
  const assertions = [{ assertion: 'unique', success: true }];
  const outputs = [{ namespace: 'n', name: 't', facets: { dataQualityAssertions: { assertions } } }];
  await tell(world, [dag.event('START', -30), load.event('COMPLETE', 40, { outputs }), dag.event('COMPLETE', 50)]);
  await mirrorRuns(world);
  const stored = await rowsOf(world, 'pipeline_runs', `${columns}, duration_ms`);
  expect(stored).toMatchObject([{ pipeline_logging_id: dag.runId, status: 'COMPLETED' }]);
  expect(Number(stored[0]?.duration_ms)).toBe(80_000);
  const details = await rowsOf(
    world,
    'run_details',
    'pipeline_logging_id, origin, orchestrator_run_id, job_name, step_count',
  );
  expect(details).toMatchObject([{ origin: 'observed', job_name: 'daily' }]);
  expect(await rowsOf(world, 'step_logs', 'step_name, status')).toMatchObject([
    { step_name: 'load', status: 'COMPLETED' },
  ]);
  expect(await rowsOf(world, 'dq_results', 'target_table, overall_status')).toMatchObject([
    { target_table: 'n/t', overall_status: 'PASS' },
  ]);
});

test('a check that is told anew, and on another day, is one row of BigQuery with what was told last', async () => {
  const [world, { run }] = [await createWorld(), story(midnight)];
  const suite = run({ name: 'suite' });
  const check = (eventType: string, seconds: number, success: boolean) => {
    const dataQualityAssertions = { assertions: [{ assertion: 'unique', success }] };
    return suite.event(eventType, seconds, {
      inputs: [{ namespace: 'n', name: 't', inputFacets: { dataQualityAssertions } }],
    });
  };
  await tell(world, [check('FAIL', -20, false)]);
  await mirrorRuns(world);
  expect(await rowsOf(world, 'dq_results', 'target_table, overall_status')).toMatchObject([{ overall_status: 'FAIL' }]);
  await tell(world, [check('COMPLETE', 20, true)]);
  await mirrorRuns(world);
  const columns = 'target_table, overall_status, CAST(ingestion_date AS STRING) AS day';
  expect(await rowsOf(world, 'dq_results', columns)).toMatchObject([{ overall_status: 'PASS', day: utcDay(midnight) }]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'COMPLETED', checkCount: 1, checksFailed: 0 });
});

test('a step that turns out to be the run itself is no step in BigQuery either', async () => {
  const [world, { run }] = [await createWorld(), story(midnight)];
  const asset = run({ name: 'orders' });
  const outputs = [{ namespace: 'n', name: 'orders' }];
  const job = { ...run({ runId: asset.runId, name: 'nightly' }) };
  const other = run({ runId: asset.runId, name: 'customers' });
  await tell(world, [asset.event('START', 0, { outputs }), other.event('START', 1, { outputs })]);
  await tell(world, [job.event('START', 2, { outputs })]);
  await mirrorRuns(world);
  const names = async () => (await rowsOf(world, 'step_logs', 'step_name, step_index')).map(row => row.step_name);
  expect(await names()).toEqual(['customers', 'nightly', 'orders']);
  await tell(world, [job.event('RUNNING', 3, { inputs: [] })]);
  const child = story(midnight).step(asset, { name: 'nightly.load' }, { namespace: 'airflow', name: 'nightly' });
  await tell(world, [child.event('START', 4)]);
  await applyAll(world, new Date(Date.now() + 61_000));
  await mirrorRuns(world);
  expect(await names()).toEqual(['customers', 'nightly.load', 'orders']);
  expect((await toldRun(world)).steps.map(({ stepIndex }) => stepIndex)).toEqual([0, 1, 2]);
});
