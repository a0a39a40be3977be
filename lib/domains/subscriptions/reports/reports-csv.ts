/** The month's billing report as CSV: one file of customers, one of changes. */
import type { MonthReport, ReportedChange, ReportedCustomer } from '@/lib/domains/subscriptions/reports/reports';
import { type CsvValue, csvLine } from '@/lib/platform/csv';

/** An amount of the smallest unit in the currency's own, as `199.00`, or `4900` for one without a smaller unit. */
export function amountText(cents: number, currency: string): string {
  const digits = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits;
  return (cents / 10 ** (digits ?? 2)).toFixed(digits ?? 2);
}

type Column = [head: string, cell: (row: ReportedCustomer) => CsvValue];

/** Totals and payments of one currency; empty where nothing was invoiced in it. */
function currencyColumns(currency: string): Column[] {
  const of = (row: ReportedCustomer) => row.invoiced.find(item => item.currency === currency);
  const amount = (cents: number | undefined) => (cents === undefined ? null : Number(amountText(cents, currency)));
  const name = currency.toLowerCase();
  return [
    [`invoiced_${name}`, row => amount(of(row)?.total_cents)],
    [`paid_${name}`, row => amount(of(row)?.paid_cents)],
  ];
}

const plain = [
  'customer_id',
  'company_name',
  'subscription_plan',
  'status',
  'starter_days',
  'professional_days',
  'scale_days',
  'trial_days',
  'days_without_plan',
  'changes',
  'runs',
  'runs_refused',
  'api_calls',
] as const satisfies (keyof ReportedCustomer)[];

/** A line a customer after the head; two columns for each currency that occurs. */
export function customersCsv({ month, customers }: Pick<MonthReport, 'month' | 'customers'>): string {
  const currencies = [...new Set(customers.flatMap(row => row.invoiced.map(item => item.currency)))].sort();
  const columns: Column[] = [
    ['month', () => month],
    ...plain.map((name): Column => [name, row => row[name]]),
    ['invoices', row => row.invoiced.reduce((sum, item) => sum + item.invoices, 0)],
    ...currencies.flatMap(currencyColumns),
  ];
  const lines = customers.map(row => csvLine(columns.map(([, cell]) => cell(row))));
  return [csvLine(columns.map(([head]) => head)), ...lines].join('');
}

const changeColumns = [
  'changed_at',
  'customer_id',
  'company_name',
  'from_plan',
  'to_plan',
  'from_status',
  'to_status',
  'cause',
  'change_id',
] as const satisfies (keyof ReportedChange)[];

/** A line a change after the head. */
export const changesCsv = (changes: readonly ReportedChange[]): string =>
  [csvLine(changeColumns), ...changes.map(change => csvLine(changeColumns.map(name => change[name])))].join('');
