/**
 * Compares counters with leases and days with runs, repairs and reports.
 * Source: docs/architecture.md, Quota; docs/spec/requirements.md, C-87.
 */
import { addDays, utcDay } from '@/lib/platform/clock';
import { pool } from '@/lib/platform/db';

export type QuotaDifference = {
  customerId: string;
  /** running, runs_today and runs_month of the counter, else a column of the day's row. */
  what: string;
  day: string;
  stored: number;
  actual: number;
};

export type ReconcileReport = { customersChecked: number; differences: QuotaDifference[]; repaired: boolean };

export type ReconcileOptions = {
  repair: boolean;
  /** Only this customer; all by default. */
  customerId?: string | undefined;
  /** First UTC day whose row is compared with its runs; the last 3 days by default. */
  fromDay?: string | undefined;
};

const pageSize = 500;
type Row = { what: string; of_day: string; stored: string; actual: string };

async function* customerIds(only: string | undefined): AsyncGenerator<string> {
  if (only !== undefined) {
    yield only;
    return;
  }
  for (let after = ''; ; ) {
    const { rows } = await pool().query<{ customer_id: string }>(
      'SELECT customer_id FROM quota_counters WHERE customer_id > $1 ORDER BY customer_id LIMIT $2',
      [after, pageSize],
    );
    for (const row of rows) yield row.customer_id;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.customer_id;
  }
}

/** Checks one customer after the other, each in a transaction of its own that holds its counter for some milliseconds. */
export async function reconcileCounters(options: ReconcileOptions): Promise<ReconcileReport> {
  const fromDay = options.fromDay ?? addDays(utcDay(new Date()), -2);
  const report: ReconcileReport = { customersChecked: 0, differences: [], repaired: options.repair };
  for await (const customerId of customerIds(options.customerId)) {
    const { rows } = await pool().query<Row>({
      name: 'reconcile-quota',
      text: 'SELECT what, of_day::text, stored, actual FROM reconcile_quota($1, $2::date, $3)',
      values: [customerId, fromDay, options.repair],
    });
    report.customersChecked += 1;
    for (const { what, of_day: day, stored, actual } of rows) {
      report.differences.push({ customerId, what, day, stored: Number(stored), actual: Number(actual) });
    }
  }
  return report;
}
