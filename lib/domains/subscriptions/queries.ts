/** Reads of billing for pages and the API: the plan from Postgres, right to the millisecond; invoices from BigQuery. */
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { readCustomer } from '@/lib/domains/customers/profile';
import { listInvoicesInput } from '@/lib/domains/subscriptions/input';
import { invoicesMirror } from '@/lib/domains/subscriptions/mirror';
import { readPlanUsage } from '@/lib/domains/subscriptions/plan-usage';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { plans } from '@/lib/domains/subscriptions/rules';
import { type Invoice, invoiceStatuses, invoices } from '@/lib/domains/subscriptions/tables';
import { type BillingView, viewOf } from '@/lib/domains/subscriptions/view';
import { authorise } from '@/lib/kernel/command';
import { type CustomerCtx, may } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { tables } from '@/lib/warehouse/rows/customers';
import { rowSchema } from '@/lib/warehouse/schemas/table-shape';

/** Stripe's page of the newest open invoice of a subscription, an upgrade that waits last; null where there is none. */
async function owedUrlOf(stripeSubscriptionId: string): Promise<string | null> {
  const [owed] = await db()
    .select({ url: invoices.hostedUrl })
    .from(invoices)
    .where(
      and(
        eq(invoices.stripeSubscriptionId, stripeSubscriptionId),
        eq(invoices.status, 'open'),
        isNotNull(invoices.hostedUrl),
      ),
    )
    .orderBy(sql`${invoices.billingReason} IS NOT DISTINCT FROM 'subscription_update'`, desc(invoices.createdAt))
    .limit(1);
  return owed?.url ?? null;
}

/**
 * The current plan and what stands about it, from Postgres. Why a payment failed and where to make it is for those who
 * see invoices. AppError forbidden.
 */
export async function readSubscription(ctx: CustomerCtx): Promise<BillingView> {
  await authorise(ctx, 'billing:read', 'subscription.read');
  const [customer, row] = await Promise.all([readCustomer(ctx.customerId), currentSubscription(db(), ctx.customerId)]);
  const mayPay = may(ctx, 'billing:write');
  const { pastDueSince, stripeSubscriptionId } = row;
  const owedUrl = mayPay && pastDueSince && stripeSubscriptionId ? await owedUrlOf(stripeSubscriptionId) : null;
  const view = viewOf(row, customer.status, plan => plans[plan].priceUsdPerMonth * 100, owedUrl);
  if (mayPay || !view.past_due) return view;
  return { ...view, past_due: { ...view.past_due, reason: null } };
}

export type Billing = BillingView & {
  limits: {
    seats: number;
    providers: number;
    runs_per_day: number | null;
    concurrent_runs: number | null;
    api_calls_per_month: number | null;
  };
  use: { seats: number; runs_today: number; running: number; api_calls_month: number; as_of: Date };
};

/** The plan with its current limits and what of them is used now. AppError forbidden. */
export async function readBilling(ctx: CustomerCtx): Promise<Billing> {
  const view = await readSubscription(ctx);
  const [row, { seats, quota }] = await Promise.all([currentSubscription(db(), ctx.customerId), readPlanUsage(ctx)]);
  return {
    ...view,
    limits: {
      seats: row.maxTeamMembers,
      providers: row.maxProviders,
      runs_per_day: quota.dailyLimit,
      concurrent_runs: quota.concurrentLimit,
      api_calls_per_month: quota.apiCallsMonthLimit,
    },
    use: {
      seats,
      runs_today: quota.runsToday,
      running: quota.running,
      api_calls_month: quota.apiCallsMonth,
      as_of: quota.asOf,
    },
  };
}

const {
  customer_id: _customer,
  updated_at: _updated,
  stripe_subscription_id: _subscription,
  ...shown
} = tables.customer_invoices.columns;

const invoiceRow = rowSchema({ ...tables.customer_invoices, columns: shown }).extend({
  status: z.enum(invoiceStatuses),
  position: z.number(),
});

const cursor = z.strictObject({ position: z.int(), id: z.string().regex(/^in_\w{1,200}$/) });

type InvoiceRow = z.output<typeof invoiceRow>;
type InvoicesAsked = z.output<typeof listInvoicesInput>;

/** The row as sql/subscriptions/list-invoices.sql answers it; null where it is left out. */
function listedRow(invoice: Invoice, { after }: InvoicesAsked): InvoiceRow | null {
  const position = invoice.createdAt.getTime();
  const from = after === undefined ? null : decodeCursor(cursor, after);
  const isBefore = from && (ascending(from.position, position) || ascending(from.id, invoice.invoiceId)) <= 0;
  if (isBefore || invoice.status === 'draft' || invoice.totalCents === 0) return null;
  return invoiceRow.strip().parse({ ...invoicesMirror.toRow(invoice), position });
}

/** Invoices, newest first. */
const invoiceRows = defineQuery({
  name: 'subscription.list_invoices',
  permission: 'billing:write',
  sql: 'subscriptions/list-invoices.sql',
  params: listInvoicesInput,
  pageSize: params => params.limit,
  bind: params => {
    const after = params.after === undefined ? null : decodeCursor(cursor, params.after);
    return {
      is_later_page: { type: 'BOOL', value: after !== null },
      after_position: { type: 'INT64', value: after?.position ?? 0 },
      after_id: { type: 'STRING', value: after?.id ?? '' },
    };
  },
  row: invoiceRow,
  overlay: overlayOf({
    mirrors: [invoicesMirror.name],
    read: changedRows(invoices, {
      key: invoices.invoiceId,
      customer: invoices.customerId,
      changedAt: invoices.updatedAt,
    }),
    sourceKey: (invoice: Invoice) => invoice.invoiceId,
    rowOf: (invoice, { params }: { params: InvoicesAsked; now: Date }) => listedRow(invoice, params),
    rowKey: row => row.invoice_id,
    compare: (a, b) => ascending(b.position, a.position) || ascending(b.invoice_id, a.invoice_id),
  }),
});

export type InvoiceView = Omit<InvoiceRow, 'position'> & {
  /** True while BigQuery has not got the invoice's last change; the row is then Postgres'. */
  updating: boolean;
};

export type InvoicePage = RowsAge & { invoices: InvoiceView[]; nextCursor: string | null };

/** One page of the customer's invoices, for owners and admins. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listInvoices(ctx: CustomerCtx, raw: z.input<typeof listInvoicesInput>): Promise<InvoicePage> {
  const { rows, more, added: _added, updating, ...age } = await invoiceRows(ctx, raw);
  const last = more ? rows.at(-1) : undefined;
  return {
    invoices: rows.map(({ position: _position, ...row }) => ({ ...row, updating: updating.has(row.invoice_id) })),
    nextCursor: last ? encodeCursor({ position: last.position, id: last.invoice_id }) : null,
    ...age,
  };
}
