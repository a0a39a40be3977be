/** Postgres tables of subscriptions: what is current and was, what Stripe told us, invoices, what staff must look at. */

import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, jsonb, numeric, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import { planNames, subscriptionStatuses } from '@/lib/domains/subscriptions/rules';
import { instant, now } from '@/lib/kernel/columns';
import { queueColumns, queueIndexes } from '@/lib/kernel/queue/columns';

export const changeCauses = ['sign_up', 'stripe', 'trial_end', 'grace_end', 'staff', 'reconcile'] as const;
export type ChangeCause = (typeof changeCauses)[number];
export const invoiceStatuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;
/** An event as an item of the kernel's queue; one that we do not act on is skipped. */
export const eventWords = { waiting: 'waiting', done: 'done', dead: 'dead', skipped: 'ignored' } as const;
export const eventStatuses = Object.values(eventWords);
export const flagKinds = [
  'unknown_customer',
  'unknown_price',
  'several_items',
  'quantity',
  'second_subscription',
  'missing_subscription',
] as const;
export type FlagKind = (typeof flagKinds)[number];

/** Mirrored to customers.customer_subscriptions. The newest row of a customer is current. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    subscriptionId: text('subscription_id').primaryKey(),
    customerId: customerReference(),
    planName: text('plan_name', { enum: planNames }).notNull(),
    /** ACTIVE, TRIAL, EXPIRED, CANCELLED or PAST_DUE. */
    status: text('status', { enum: subscriptionStatuses }).notNull(),
    maxTeamMembers: integer('max_team_members').notNull(),
    maxProviders: integer('max_providers').notNull(),
    maxPipelinesPerDay: integer('max_pipelines_per_day').notNull(),
    maxConcurrentPipelines: integer('max_concurrent_pipelines').notNull().default(3),
    maxStorageGb: integer('max_storage_gb'),
    maxApiCallsPerDay: integer('max_api_calls_per_day'),
    maxApiCallsPerMonth: integer('max_api_calls_per_month').notNull(),
    trialStartDate: date('trial_start_date', { mode: 'string' }),
    trialEndDate: date('trial_end_date', { mode: 'string' }),
    isTrial: boolean('is_trial').notNull().default(false),
    subscriptionStartDate: date('subscription_start_date', { mode: 'string' }).notNull(),
    subscriptionEndDate: date('subscription_end_date', { mode: 'string' }),
    billingCycle: text('billing_cycle').notNull().default('MONTHLY'),
    stripeSubscriptionId: text('stripe_subscription_id').unique(),
    stripePlanId: text('stripe_plan_id'),
    stripeStatus: text('stripe_status'),
    monthlyPriceUsd: numeric('monthly_price_usd', { precision: 10, scale: 2 }),
    annualPriceUsd: numeric('annual_price_usd', { precision: 10, scale: 2 }),
    currency: text('currency').notNull().default('USD'),
    createdAt: instant('created_at').notNull().default(now),
    updatedAt: instant('updated_at').notNull().default(now),
    cancelledAt: instant('cancelled_at'),
    cancellationReason: text('cancellation_reason'),
    autoRenew: boolean('auto_renew').notNull().default(true),
    nextBillingDate: date('next_billing_date', { mode: 'string' }),
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    /** When it ends by the customer's own wish; null while it renews. */
    cancelAt: instant('cancel_at'),
    /** The plan it changes to at `scheduledAt`; null without a scheduled change. */
    scheduledPlanName: text('scheduled_plan_name', { enum: planNames }),
    scheduledAt: instant('scheduled_at'),
    stripeScheduleId: text('stripe_schedule_id'),
    /** Since when a payment is owed; the seven days in which runs go on count from it. */
    pastDueSince: instant('past_due_since'),
    lastPaymentFailedAt: instant('last_payment_failed_at'),
    lastPaymentError: text('last_payment_error'),
    /** Whether Stripe can charge without the customer; null while that is not known. */
    paymentMethodOnFile: boolean('payment_method_on_file'),
    /** When Stripe was last asked for it. */
    stripeFetchedAt: instant('stripe_fetched_at'),
  },
  table => [index('subscriptions_by_customer').on(table.customerId, table.createdAt)],
);

/** Every change of plan or status, appended; mirrored to customers.customer_subscription_changes. */
export const subscriptionChanges = pgTable(
  'subscription_changes',
  {
    changeId: text('change_id').primaryKey(),
    customerId: customerReference(),
    subscriptionId: text('subscription_id').notNull(),
    changedAt: instant('changed_at').notNull(),
    fromPlan: text('from_plan', { enum: planNames }),
    toPlan: text('to_plan', { enum: planNames }).notNull(),
    fromStatus: text('from_status', { enum: subscriptionStatuses }),
    toStatus: text('to_status', { enum: subscriptionStatuses }).notNull(),
    cause: text('cause', { enum: changeCauses }).notNull(),
  },
  table => [index('subscription_changes_by_customer').on(table.customerId, table.changedAt)],
);

/** Invoices as Stripe last showed them; mirrored to customers.customer_invoices. Amounts are in the currency's smallest unit. */
export const invoices = pgTable(
  'invoices',
  {
    invoiceId: text('invoice_id').primaryKey(),
    customerId: customerReference(),
    stripeSubscriptionId: text('stripe_subscription_id'),
    number: text('number'),
    status: text('status', { enum: invoiceStatuses }).notNull(),
    billingReason: text('billing_reason'),
    currency: text('currency').notNull(),
    totalCents: integer('total_cents').notNull(),
    amountDueCents: integer('amount_due_cents').notNull(),
    amountPaidCents: integer('amount_paid_cents').notNull(),
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    createdAt: instant('created_at').notNull(),
    paidAt: instant('paid_at'),
    attemptCount: integer('attempt_count').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at'),
    lastError: text('last_error'),
    hostedUrl: text('hosted_url'),
    pdfUrl: text('pdf_url'),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [index('invoices_by_customer').on(table.customerId, table.createdAt)],
);

/** Inbox of Stripe's webhooks: stored by event id before the 200, processed by the worker. */
export const stripeEvents = pgTable(
  'stripe_events',
  {
    eventId: text('event_id').primaryKey(),
    type: text('type').notNull(),
    livemode: boolean('livemode').notNull(),
    createdAt: instant('created_at').notNull(),
    receivedAt: instant('received_at').notNull().default(now),
    stripeCustomerId: text('stripe_customer_id'),
    stripeSubscriptionId: text('stripe_subscription_id'),
    stripeInvoiceId: text('stripe_invoice_id'),
    payload: jsonb('payload').notNull(),
    ...queueColumns(eventWords),
    processedAt: instant('processed_at'),
    /** Ours, once it was found. */
    customerId: text('customer_id'),
  },
  table => [
    ...queueIndexes('stripe_events', eventWords, table, table.receivedAt),
    index('stripe_events_by_subscription').on(table.stripeSubscriptionId).where(sql`status = 'waiting'`),
    index('stripe_events_by_age').on(table.receivedAt),
  ],
);

/** What does not add up in Stripe, for staff; one row a thing and kind, closed when it adds up again. */
export const billingFlags = pgTable(
  'billing_flags',
  {
    flagId: text('flag_id').primaryKey(),
    kind: text('kind', { enum: flagKinds }).notNull(),
    /** The subscription or customer in Stripe that it is about. */
    stripeId: text('stripe_id').notNull(),
    customerId: text('customer_id'),
    detail: text('detail').notNull(),
    firstSeenAt: instant('first_seen_at').notNull().default(now),
    lastSeenAt: instant('last_seen_at').notNull().default(now),
    resolvedAt: instant('resolved_at'),
  },
  table => [unique('billing_flags_once').on(table.kind, table.stripeId)],
);

export type Subscription = typeof subscriptions.$inferSelect;
export type SubscriptionChange = typeof subscriptionChanges.$inferSelect;
export type Invoice = typeof invoices.$inferSelect;
export type StripeEvent = typeof stripeEvents.$inferSelect;
export type BillingFlag = typeof billingFlags.$inferSelect;
