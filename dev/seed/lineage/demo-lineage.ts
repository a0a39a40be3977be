/** What orchestrators reported to the demo's customers in the last day, by the customer's name. Pure. */
import { airflowDag } from '@/dev/seed/lineage/airflow-dag';
import { dbtBuild } from '@/dev/seed/lineage/dbt-build';
import { seededRandom } from '@/dev/seed/random';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export type DemoLineage = {
  /** Name of the key that they report with. */
  key: string;
  /** Events of each run, the oldest run first. */
  runsAt: (now: Date) => object[][];
};

/** Builds of dbt four times a day, the last of which breaks at a test, and a DAG of Airflow. */
export const demoLineage: Record<string, DemoLineage> = {
  'Acme Analytics': {
    key: 'airflow-prod',
    runsAt: now => {
      const random = seededRandom(20_267);
      const before = (hours: number, minutes: number) => now.getTime() - hours * hourMs - minutes * minuteMs;
      return [
        dbtBuild({ random, startMs: before(18, 47) }),
        airflowDag({ random, startMs: before(15, 12) }),
        dbtBuild({ random, startMs: before(12, 47), fails: { model: 'stg_orders', column: 'status', broken: 3 } }),
        airflowDag({ random, startMs: before(9, 12) }),
        dbtBuild({ random, startMs: before(6, 47) }),
        airflowDag({ random, startMs: before(3, 12) }),
        dbtBuild({
          random,
          startMs: before(0, 47),
          fails: { model: 'customer_orders', column: 'customer_id', broken: 17 },
        }),
      ];
    },
  },
};
