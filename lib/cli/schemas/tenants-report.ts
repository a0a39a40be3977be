/** What people, and with --json programs, are told of a plan or an apply over the own datasets of all customers. */
import { changeLine, withoutRefused } from '@/lib/cli/schemas/report';
import type { Change, ChangeKind } from '@/lib/warehouse/schemas/plan';

export type Failure = { customer_id: string; dataset: string; error: string };
export type Refusal = { dataset: string; table: string | null; column: string | null; reason: string };
export type TenantsReport = {
  datasets: number;
  /** Done by a call that was cut off before this one. */
  done_before: number;
  changed: number;
  unchanged: number;
  not_reached: number;
  failed: Failure[];
  refused: Refusal[];
  /** How many changes of each kind. */
  changes: Partial<Record<ChangeKind, number>>;
  seconds: number;
};

const count = (number: number) => number.toLocaleString('en');
const everyMs = 5_000;

/** Counts as it goes, and tells each change at once and where it stands every 5 s. */
export class TenantsProgress {
  readonly report: TenantsReport;
  readonly #startedMs = performance.now();
  #toldMs = performance.now();

  constructor(
    datasets: number,
    doneBefore: number,
    private readonly say: (line: string) => void,
  ) {
    this.report = {
      datasets,
      done_before: doneBefore,
      changed: 0,
      unchanged: 0,
      not_reached: datasets - doneBefore,
      failed: [],
      refused: [],
      changes: {},
      seconds: 0,
    };
    if (doneBefore > 0) say(`resumed: ${count(doneBefore)} of ${count(datasets)} were done`);
  }

  #place(): string {
    this.report.not_reached--;
    const { datasets, not_reached } = this.report;
    return `${count(datasets - not_reached).padStart(count(datasets).length)} of ${count(datasets)}`;
  }

  /** One dataset was done, with these changes. */
  done(changes: Change[]): void {
    const { report } = this;
    const place = this.#place();
    const made = withoutRefused(changes);
    if (made.length > 0) report.changed++;
    else report.unchanged++;
    for (const { kind } of made) report.changes[kind] = (report.changes[kind] ?? 0) + 1;
    for (const change of changes) {
      this.say(`${place}  ${changeLine(change)}`);
      if (change.kind !== 'refuse') continue;
      const { dataset, table = null, column = null, detail } = change;
      report.refused.push({ dataset, table, column, reason: detail });
    }
    this.#tellNowAndThen();
  }

  /** One dataset could not be done; the others go on. */
  failed(failure: Failure): void {
    this.say(`${this.#place()}  ! failed                 ${failure.dataset}: ${failure.error}`);
    this.report.failed.push(failure);
    this.#tellNowAndThen();
  }

  #tellNowAndThen(): void {
    const now = performance.now();
    if (now - this.#toldMs < everyMs) return;
    this.#toldMs = now;
    const { datasets, done_before, not_reached, changed, failed } = this.report;
    const reached = datasets - done_before - not_reached;
    const leftSeconds = Math.ceil((((now - this.#startedMs) / reached) * not_reached) / 1000);
    const counts = `${count(changed)} changed, ${count(failed.length)} failed`;
    this.say(`${count(datasets - not_reached)} of ${count(datasets)} datasets, ${counts}; about ${leftSeconds} s left`);
  }

  /** The whole, once nothing is under way any more. */
  ended(): TenantsReport {
    this.report.seconds = Math.round((performance.now() - this.#startedMs) / 100) / 10;
    return this.report;
  }
}

/** The report for people, line by line. */
export function reportLines(report: TenantsReport, done: 'to make' | 'made'): string[] {
  const { datasets, done_before, changed, unchanged, not_reached, failed, refused, changes, seconds } = report;
  const kinds = Object.entries(changes).map(([kind, number]) => `${count(number)} ${kind}`);
  const sums = [
    done_before > 0 ? `${count(done_before)} done before` : '',
    `${count(changed)} ${done === 'made' ? 'changed' : 'to change'}`,
    `${count(unchanged)} as they should be`,
    `${count(failed.length)} failed`,
    not_reached > 0 ? `${count(not_reached)} not reached` : '',
  ].filter(Boolean);
  return [
    `${count(datasets)} datasets in ${seconds} s: ${sums.join(', ')}`,
    `changes ${done}: ${kinds.join(', ') || 'none'}; ${count(refused.length)} refused`,
    ...refused.map(
      ({ dataset, table, column, reason }) =>
        `! refused  ${[dataset, table, column].filter(Boolean).join('.')}: ${reason}`,
    ),
    ...failed.map(({ dataset, customer_id, error }) => `! failed   ${dataset} (${customer_id}): ${error}`),
    ...(failed.length > 0 ? ['Repeat the command for those that failed.'] : []),
  ];
}
