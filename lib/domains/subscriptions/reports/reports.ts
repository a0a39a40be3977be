/**
 * A month of billing across customers, for staff: what each had, used and was invoiced, and who changed.
 * Source: docs/spec/requirements.md, C-27, C-62, C-64.
 */
import { z } from 'zod';
import { type PlanName, type SubscriptionStatus, subscriptionStatuses } from '@/lib/domains/subscriptions/rules';
import { changeCauses, type invoiceStatuses } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { type Clock, utcDay } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';
import { defineStaffQuery } from '@/lib/warehouse/query/define-query';
import { olderOf } from '@/lib/warehouse/query/rows-age';

/** A month as `2026-10`. */
export const monthInput = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'Write the month as YYYY-MM.');

/** Statuses in which a plan is current, so that its days count. */
const entitled: readonly SubscriptionStatus[] = ['TRIAL', 'ACTIVE', 'PAST_DUE'];
/** Drafts are not invoiced yet, voided ones no more. */
const counted: readonly (typeof invoiceStatuses)[number][] = ['open', 'paid', 'uncollectible'];

const days = z.strictObject({ firstDay: z.iso.date(), lastDay: z.iso.date() });
type Days = z.output<typeof days>;
const bindDays = ({ firstDay, lastDay }: Days) => ({
  first_day: { type: 'DATE' as const, value: firstDay },
  last_day: { type: 'DATE' as const, value: lastDay },
});

/** First day of the UTC month, and its last or, while it runs, today. AppError invalid_input for a month to come. */
export function daysOf(month: string, clock: Clock): Days {
  const today = utcDay(clock());
  const firstDay = `${month}-01`;
  if (firstDay > today) {
    const message = 'This month has not begun.';
    throw new AppError('invalid_input', message, { fields: [{ path: 'month', message }] });
  }
  const [year = 0, number = 0] = month.split('-').map(Number);
  const end = utcDay(new Date(Date.UTC(year, number, 0)));
  const [lastDay = today] = [end, today].sort();
  return { firstDay, lastDay };
}

/** The UTC month that lies `months` before the instant's, as `2026-10`. */
export const monthBefore = (now: Date, months = 1): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months)).toISOString().slice(0, 7);

/** This month and those before it, the latest first. */
export const monthsBack = (now: Date, months: number): string[] =>
  Array.from({ length: months }, (_, back) => monthBefore(now, back));

const count = z.int().min(0);
type DaysOnPlan = Record<`${Lowercase<PlanName>}_days`, typeof count>;
const daysOnPlan: DaysOnPlan = { starter_days: count, professional_days: count, scale_days: count };

const reportCustomers = defineStaffQuery({
  name: 'subscription.report_customers',
  sql: 'subscriptions/report-customers.sql',
  params: days,
  bind: params => ({ ...bindDays(params), entitled: { type: 'ARRAY<STRING>', value: [...entitled] } }),
  row: z.object({
    customer_id: z.string(),
    /** Null for an organization that was erased since. */
    company_name: z.string().nullable(),
    subscription_plan: z.string().nullable(),
    status: z.string().nullable(),
    ...daysOnPlan,
    /** Of the days on a plan, those in trial. */
    trial_days: count,
    days_without_plan: count,
    changes: count,
    runs: count,
    runs_refused: count,
    api_calls: count,
  }),
});

const reportInvoices = defineStaffQuery({
  name: 'subscription.report_invoices',
  sql: 'subscriptions/report-invoices.sql',
  params: days,
  bind: params => ({ ...bindDays(params), counted: { type: 'ARRAY<STRING>', value: [...counted] } }),
  row: z.object({
    customer_id: z.string(),
    company_name: z.string().nullable(),
    currency: z.string().length(3),
    invoices: count,
    /** In the currency's smallest unit; below zero where credits outweigh. */
    total_cents: z.int(),
    paid_cents: z.int(),
  }),
});

const reportChanges = defineStaffQuery({
  name: 'subscription.report_changes',
  sql: 'subscriptions/report-changes.sql',
  params: days,
  bind: bindDays,
  row: z.object({
    change_id: z.string(),
    customer_id: z.string(),
    company_name: z.string().nullable(),
    changed_at: z.date(),
    from_plan: z.string().nullable(),
    to_plan: z.string(),
    from_status: z.enum(subscriptionStatuses).nullable(),
    to_status: z.enum(subscriptionStatuses),
    cause: z.enum(changeCauses),
  }),
});

type RowOf<Query extends (...args: never[]) => Promise<{ rows: unknown[] }>> = Awaited<
  ReturnType<Query>
>['rows'][number];
export type ReportedInvoices = RowOf<typeof reportInvoices>;
export type ReportedChange = RowOf<typeof reportChanges>;
export type ReportedCustomer = RowOf<typeof reportCustomers> & {
  /** One a currency; none where nothing was invoiced. */
  invoiced: Pick<ReportedInvoices, 'currency' | 'invoices' | 'total_cents' | 'paid_cents'>[];
};
export type MonthReport = {
  month: string;
  /** The last day that counts: today while the month runs. */
  lastDay: string;
  customers: ReportedCustomer[];
  /** When BigQuery answered. */
  readAt: Date;
  /** True when BigQuery could not be asked and these are older rows. */
  stale: boolean;
};

const unused = { starter_days: 0, professional_days: 0, scale_days: 0, trial_days: 0, days_without_plan: 0 };

/** A customer of whom only an invoice is left: it ended before the month, or its rows are erased. */
const invoicedOnly = ({ customer_id, company_name }: ReportedInvoices): ReportedCustomer => ({
  customer_id,
  company_name,
  subscription_plan: null,
  status: null,
  ...unused,
  changes: 0,
  runs: 0,
  runs_refused: 0,
  api_calls: 0,
  invoiced: [],
});

const tookPart = (row: ReportedCustomer): boolean =>
  row.starter_days + row.professional_days + row.scale_days + row.changes > 0 ||
  row.runs + row.runs_refused + row.api_calls + row.invoiced.length > 0;

/**
 * What each customer had, used and was invoiced in a month; customers without a plan, use, change or invoice in it are left
 * out. Every call leaves audit rows. AppError forbidden for all but staff, invalid_input for a month to come.
 */
export async function readMonthReport(ctx: Ctx, month: string): Promise<MonthReport> {
  const range = daysOf(month, ctx.clock);
  const [had, invoiced] = [await reportCustomers(ctx, range), await reportInvoices(ctx, range)];
  const byCustomer = new Map(had.rows.map(row => [row.customer_id, { ...row, invoiced: [] } as ReportedCustomer]));
  for (const invoices of invoiced.rows) {
    const row = byCustomer.get(invoices.customer_id) ?? invoicedOnly(invoices);
    byCustomer.set(invoices.customer_id, row);
    const { currency, total_cents, paid_cents } = invoices;
    row.invoiced.push({ currency, invoices: invoices.invoices, total_cents, paid_cents });
  }
  return {
    month,
    lastDay: range.lastDay,
    customers: [...byCustomer.values()].filter(tookPart),
    readAt: new Date(Math.min(had.readAt.getTime(), invoiced.readAt.getTime())),
    stale: olderOf(had, invoiced).state !== 'current',
  };
}

/** Changes of plan or status in a month, the oldest first. Leaves an audit row. AppError as readMonthReport. */
export async function readMonthChanges(ctx: Ctx, month: string): Promise<ReportedChange[]> {
  return (await reportChanges(ctx, daysOf(month, ctx.clock))).rows;
}
