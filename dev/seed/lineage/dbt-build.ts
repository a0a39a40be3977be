/** `dbt build` of the demo's shop, as `dbt-ol build --consume-structured-logs` reports it. Pure. */
import { type Assertion, type DemoJob, eventsOf, type JobRef } from '@/dev/seed/lineage/job-events';
import type { Random } from '@/dev/seed/random';

type Model = { name: string; reads: string[]; rows: [low: number, high: number]; sql: string; tests: Test[] };
type Test = { assertion: string; column: string; severity?: 'warn' };

const models: readonly Model[] = [
  {
    name: 'stg_orders',
    reads: ['raw.orders'],
    rows: [42_000, 44_000],
    sql: 'select order_id, customer_id, ordered_at, status, amount_usd\nfrom `acme-data-prod`.raw.orders\nwhere not is_test',
    tests: [
      { assertion: 'unique', column: 'order_id' },
      { assertion: 'not_null', column: 'customer_id' },
      { assertion: 'accepted_values', column: 'status', severity: 'warn' },
    ],
  },
  {
    name: 'stg_payments',
    reads: ['raw.payments'],
    rows: [45_000, 48_000],
    sql: 'select payment_id, order_id, paid_at, amount_usd\nfrom `acme-data-prod`.raw.payments',
    tests: [{ assertion: 'unique', column: 'payment_id' }],
  },
  {
    name: 'customer_orders',
    reads: ['analytics.stg_orders', 'analytics.stg_payments'],
    rows: [8_100, 8_400],
    sql: 'select customer_id, count(*) as orders, sum(payments.amount_usd) as paid_usd\nfrom analytics.stg_orders\njoin analytics.stg_payments as payments using (order_id)\ngroup by customer_id',
    tests: [{ assertion: 'not_null', column: 'customer_id' }],
  },
  {
    name: 'revenue_by_day',
    reads: ['analytics.customer_orders'],
    rows: [420, 425],
    sql: 'select date(ordered_at) as day, sum(paid_usd) as revenue_usd\nfrom analytics.customer_orders\ngroup by day',
    tests: [{ assertion: 'unique', column: 'day' }],
  },
];

const namespace = 'acme-dbt';
const warehouse = 'bigquery';
const producer = 'https://github.com/OpenLineage/OpenLineage/tree/1.54.0/integration/dbt';
const table = (name: string) => `acme-data-prod.${name}`;

export type DbtBuild = {
  random: Random;
  startMs: number;
  /** The test that finds broken rows: what is built of its model is skipped then. */
  fails?: { model: string; column: string; broken: number };
};

type Added = Omit<DemoJob, 'runId' | 'namespace' | 'startMs' | 'endMs' | 'integration' | 'producer' | 'root'>;

/** A build as it goes on. */
class Build {
  readonly jobs: DemoJob[] = [];
  /** Models that were not built, or whose test failed: what reads them is skipped. */
  readonly broken = new Set<string>();
  readonly root: JobRef;
  private readonly common: Pick<DemoJob, 'integration' | 'producer' | 'runFacets'>;
  private atMs: number;

  constructor(private readonly asked: DbtBuild) {
    const { random, startMs } = asked;
    const dbt_run = {
      invocation_id: random.uuid(),
      dbt_runtime: 'core',
      profile_name: 'acme',
      project_name: 'shop',
      project_version: '1.4.0',
    };
    this.common = { integration: 'DBT', producer, runFacets: { dbt_run, dbt_version: { version: '1.10.23' } } };
    this.root = { runId: random.uuid(), namespace, name: 'shop nightly build' };
    this.atMs = startMs + 2_400;
  }

  private add(job: Added, tookMs: number): DemoJob {
    const { random } = this.asked;
    const [startMs, runId] = [this.atMs, random.uuid()];
    const made = { ...this.common, ...job, root: this.root, runId, namespace, startMs, endMs: startMs + tookMs };
    this.jobs.push(made);
    this.atMs = made.endMs + random.between(40, 300);
    return made;
  }

  /** The model is told of before its statement, and ends after it. */
  addModel(model: Model): void {
    const { random } = this.asked;
    const output = { namespace: warehouse, name: table(`analytics.${model.name}`) };
    const inputs = model.reads.map(read => ({ namespace: warehouse, name: table(read) }));
    const job = { name: `model.shop.${model.name}`, jobType: 'MODEL', parent: this.root, inputs } as const;
    const isSkipped = model.reads.some(read => this.broken.has(read));
    if (isSkipped) {
      this.add({ ...job, outputs: [output], end: 'ABORT' }, 0);
      this.broken.add(`analytics.${model.name}`);
    } else {
      const rows = random.between(...model.rows);
      const made = this.add({ ...job, outputs: [{ ...output, rows }], end: 'COMPLETE' }, 0);
      const sql = `create or replace table \`acme-data-prod\`.analytics.${model.name} as (\n${model.sql}\n)`;
      const statement = { name: `${job.name}.sql.1`, jobType: 'SQL', parent: made, sql, end: 'COMPLETE' } as const;
      made.endMs = this.add(statement, random.between(6_000, 41_000)).endMs + 35;
    }
    for (const test of model.tests) this.addTest(model, test, isSkipped);
  }

  private addTest(model: Model, test: Test, isSkipped: boolean): void {
    const { random, fails } = this.asked;
    const broken = fails?.model === model.name && fails.column === test.column ? fails.broken : 0;
    const severity = test.severity ?? 'error';
    const isFailed = !isSkipped && broken > 0 && severity === 'error';
    const name = `${test.assertion}_${model.name}_${test.column}`;
    const assertion: Assertion = { ...test, severity, name, broken: isSkipped ? null : broken };
    const checked = { namespace: warehouse, name: table(`analytics.${model.name}`), assertions: [assertion] };
    const job = { name: `test.shop.${name}`, jobType: 'TEST', parent: this.root, inputs: [checked] };
    if (isSkipped) this.add({ ...job, end: 'ABORT' }, 0);
    else if (isFailed) {
      const error = `Got ${broken} results, configured to fail if != 0`;
      this.add({ ...job, end: 'FAIL', error }, random.between(900, 4_200));
      this.broken.add(`analytics.${model.name}`);
    } else this.add({ ...job, end: 'COMPLETE' }, random.between(900, 4_200));
  }

  /** The run itself. */
  whole(): DemoJob {
    const { startMs } = this.asked;
    const run = { ...this.common, ...this.root, jobType: 'JOB', startMs, endMs: this.atMs };
    if (this.broken.size === 0) return { ...run, end: 'COMPLETE' };
    const seconds = ((this.atMs - startMs) / 1_000).toFixed(2);
    return { ...run, end: 'FAIL', error: `Command \`dbt build\` failed after ${seconds} seconds` };
  }
}

/** The events of one build, job by job. */
export function dbtBuild(asked: DbtBuild): object[] {
  const build = new Build(asked);
  for (const model of models) build.addModel(model);
  return [build.whole(), ...build.jobs].flatMap(eventsOf);
}
