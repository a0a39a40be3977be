/** A DAG of the demo's Airflow, as its OpenLineage provider reports it. Pure. */
import { type DemoJob, eventsOf, type JobRef } from '@/dev/seed/lineage/job-events';
import type { Random } from '@/dev/seed/random';

type Task = {
  id: string;
  operator: string;
  seconds: [low: number, high: number];
  rows?: [low: number, high: number];
  sql?: string;
};

const tasks: readonly Task[] = [
  { id: 'wait_for_export', operator: 'GCSObjectExistenceSensor', seconds: [20, 90] },
  {
    id: 'load_invoices',
    operator: 'GCSToBigQueryOperator',
    seconds: [15, 60],
    rows: [2_100, 2_600],
  },
  {
    id: 'merge_invoices',
    operator: 'BigQueryInsertJobOperator',
    seconds: [12, 45],
    rows: [2_100, 2_600],
    sql: 'merge finance.invoices as target\nusing finance.invoices_loaded as loaded\non target.invoice_id = loaded.invoice_id\nwhen matched then update set amount_usd = loaded.amount_usd\nwhen not matched then insert row',
  },
  { id: 'notify_finance', operator: 'SlackAPIPostOperator', seconds: [1, 3] },
];

const namespace = 'airflow-prod';
const dag = 'finance_invoices';

/** The events of one run of the DAG; its last task ends `end`, FAILED ones with the message of an API. */
export function airflowDag({ random, startMs }: { random: Random; startMs: number }): object[] {
  const producer = 'https://github.com/apache/airflow/tree/providers-openlineage/2.7.0';
  const root: JobRef = { runId: random.uuid(), namespace, name: dag };
  const nominalTime = { nominalStartTime: new Date(startMs).toISOString() };
  const ofAirflow = { integration: 'AIRFLOW', producer };
  let atMs = startMs + 1_200;
  const jobs = tasks.map((task): DemoJob => {
    const rows = task.rows && random.between(...task.rows);
    const beganMs = atMs;
    const endMs = beganMs + random.between(task.seconds[0] * 1_000, task.seconds[1] * 1_000);
    atMs = endMs + random.between(400, 2_000);
    return {
      ...ofAirflow,
      runId: random.uuid(),
      namespace,
      name: `${dag}.${task.id}`,
      jobType: 'TASK',
      parent: root,
      root,
      runFacets: { nominalTime, airflow: { task: { task_id: task.id, operator_class: task.operator } } },
      ...(task.sql ? { sql: task.sql } : {}),
      ...(rows ? { outputs: [{ namespace: 'bigquery', name: `acme-data-prod.finance.${task.id}`, rows }] } : {}),
      startMs: beganMs,
      endMs,
      end: 'COMPLETE',
    };
  });
  const run: DemoJob = {
    ...ofAirflow,
    ...root,
    jobType: 'DAG',
    runFacets: { nominalTime, airflowDagRun: { dag: { dag_id: dag, schedule_interval: '0 */6 * * *' } } },
    startMs,
    endMs: atMs,
    end: 'COMPLETE',
  };
  return [run, ...jobs].flatMap(eventsOf);
}
