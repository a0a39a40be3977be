/** `cli billing-report`: a month of billing in the terminal, or as two CSV files. Source: docs/spec/requirements.md, C-64. */
import { writeFile } from 'node:fs/promises';
import { WrongUse } from '@/lib/cli/command';
import {
  type MonthReport,
  monthBefore,
  monthInput,
  readMonthChanges,
  readMonthReport,
} from '@/lib/domains/subscriptions/reports/reports';
import { amountText, changesCsv, customersCsv } from '@/lib/domains/subscriptions/reports/reports-csv';
import { systemCtx } from '@/lib/kernel/ctx';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const moneyOf = ({ invoiced }: MonthReport['customers'][number]): string =>
  invoiced
    .map(({ currency, total_cents, paid_cents }) => {
      const [total, paid] = [amountText(total_cents, currency), amountText(paid_cents, currency)];
      return `${total} ${currency} (paid ${paid})`;
    })
    .join(', ') || '–';

const head = [
  'customer',
  'name',
  'STARTER',
  'PROFESSIONAL',
  'SCALE',
  'trial',
  'runs',
  'refused',
  'API calls',
  'invoiced',
];

function printReport({ month, lastDay, customers }: MonthReport): void {
  print(`${month}, days up to ${lastDay} (UTC)`);
  print(head.join('\t'));
  for (const row of customers) {
    const plans = [row.starter_days, row.professional_days, row.scale_days, row.trial_days];
    const use = [row.runs, row.runs_refused, row.api_calls];
    print([row.customer_id, row.company_name ?? '(erased)', ...plans, ...use, moneyOf(row)].join('\t'));
  }
  print(`${customers.length} customers`);
}

/** `report.csv` → `report-changes.csv`. */
const changesFile = (file: string): string => file.replace(/(\.[^./]+)?$/, '-changes$1');

/** Prints or writes the report of a month, the last one unless named. Refusals of the product are thrown. */
export async function billingReport(values: { month: string | undefined; csv: string | undefined }): Promise<number> {
  const ctx = systemCtx('cli');
  const month = monthInput.safeParse(values.month ?? monthBefore(ctx.clock()));
  if (!month.success) throw new WrongUse('--month: write the month as YYYY-MM.');
  const report = await readMonthReport(ctx, month.data);
  const changes = await readMonthChanges(ctx, month.data);
  if (values.csv === undefined) {
    printReport(report);
    for (const change of changes) {
      const from = [change.from_plan, change.from_status].filter(Boolean).join(' ') || 'new';
      const to = `${change.to_plan} ${change.to_status}`;
      print([change.changed_at.toISOString(), change.customer_id, `${from} → ${to}`, change.cause].join('\t'));
    }
    print(`${changes.length} changes`);
    return 0;
  }
  await writeFile(values.csv, customersCsv(report));
  await writeFile(changesFile(values.csv), changesCsv(changes));
  print(`${report.customers.length} customers → ${values.csv}, ${changes.length} changes → ${changesFile(values.csv)}`);
  return 0;
}
