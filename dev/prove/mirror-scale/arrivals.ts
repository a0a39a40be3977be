/** What tenants report through a day: runs with steps and checks, by hours, some of them at the full hour, and what people change. */

import type { VirtualClock } from '@/dev/prove/mirror-scale/virtual-clock';
import { seededRandom } from '@/dev/seed/random';
import type { TableName } from '@/lib/warehouse/mirror/schedule/flush-schedule';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How much begins in each hour of the day (UTC), beside the others: a peak at night, a smaller one in the morning. */
const hours = [
  1.6, 2.4, 2.2, 1.4, 0.8, 0.5, 0.5, 0.7, 1.1, 1.4, 1.3, 1.1, 1, 1.1, 1.2, 1.1, 1, 0.9, 0.7, 0.6, 0.5, 0.5, 0.6, 1,
];
const allHours = hours.reduce((sum, weight) => sum + weight, 0);
/** Part of the runs that begin within half a minute of the full hour, as schedules have it. */
const atFullHour = 0.25;
const fullHourMs = 30_000;

export type Load = {
  tenants: number;
  /** Runs a day of a tenant; the tenants take these in turn. 0 is one that reports nothing. */
  runsPerDay: number[];
  stepsPerRun: number;
  checksPerStep: number;
  /** Average and shortest length of a step. */
  stepMs: number;
  /** Changes a day that a tenant's people make. */
  changesPerDay: number;
};

/** Rows of a table were committed; `first` where a person made the change. */
export type Commit = (table: TableName, rows: number, key: string, first?: boolean) => void;

type Random = () => number;

const tenantTable = (name: string, customerId: string): TableName => ({ mirror: `tenant.${name}`, customerId });
const usage: TableName = { mirror: 'customers.customer_usage_quotas', customerId: null };
const audit: TableName = { mirror: 'customers.audit_log', customerId: null };
const keys: TableName = { mirror: 'customers.customer_api_keys', customerId: null };

/** When a run begins within the day, in ms. */
function startOfRun(draw: Random): number {
  let left = draw() * allHours;
  const hour = hours.findIndex(weight => {
    left -= weight;
    return left <= 0;
  });
  return Math.max(0, hour) * hourMs + draw() * (draw() < atFullHour ? fullHourMs : hourMs);
}

/** A step takes between half and twice the average, mostly less than it. */
const stepLength = (draw: Random, averageMs: number) => averageMs * (0.5 + 1.5 * draw() ** 2);

export class Arrivals {
  #runs = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly load: Load,
    private readonly commit: Commit,
    private readonly draw: Random = seededRandom(2_026).next,
  ) {}

  runsPerDay(tenant: number): number {
    return this.load.runsPerDay[tenant % this.load.runsPerDay.length] ?? 0;
  }

  /** Plans the day that begins then, for all tenants. */
  planDay(startAt: number): void {
    for (let tenant = 0; tenant < this.load.tenants; tenant++) {
      const customer = `tenant-${tenant}`;
      for (let run = 0; run < this.runsPerDay(tenant); run++)
        this.clock.at(startAt + startOfRun(this.draw), () => this.#run(customer));
      for (let change = 0; change < this.load.changesPerDay; change++)
        this.clock.at(startAt + startOfRun(this.draw), () => this.#change(customer));
    }
    if (startAt % dayMs !== 0) throw new Error('a day begins at midnight');
  }

  /** A start: the run, its details and the usage of the day in one commit. Then its steps, one after another. */
  #run(customer: string): void {
    const id = `run-${this.#runs++}`;
    this.#ofRun(customer, id);
    this.#step(customer, id, 0);
  }

  #ofRun(customer: string, id: string): void {
    this.commit(tenantTable('pipeline_runs', customer), 1, id);
    this.commit(tenantTable('run_details', customer), 1, id);
    this.commit(usage, 1, customer);
  }

  #step(customer: string, id: string, index: number): void {
    if (index === this.load.stepsPerRun) {
      this.#ofRun(customer, id);
      return;
    }
    const steps = tenantTable('step_logs', customer);
    const details = tenantTable('run_details', customer);
    const { draw, clock } = this;
    this.commit(steps, 1, `${id}-${index}`);
    // A step or check that is new is counted in the run's details.
    this.commit(details, 1, id);
    clock.at(clock.now() + stepLength(draw, this.load.stepMs), () => {
      this.commit(steps, 1, `${id}-${index}`);
      // The checks of a step follow its end in a call of their own, and the next step's start in another.
      clock.at(clock.now() + 50 + 150 * draw(), () => {
        this.commit(tenantTable('dq_results', customer), this.load.checksPerStep, `${id}-${index}`);
        this.commit(details, 1, id);
        clock.at(clock.now() + 20 + 100 * draw(), () => this.#step(customer, id, index + 1));
      });
    });
  }

  /** Somebody makes a key: two copies of it and the audit log. */
  #change(customer: string): void {
    this.commit(keys, 1, customer, true);
    this.commit(tenantTable('api_keys', customer), 1, customer, true);
    this.commit(audit, 1, customer);
  }
}
