/** Postgres table of subscriptions; mirrored to customers.customer_subscriptions. The newest row of a customer is in force. */
import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, numeric, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 6 });
const now = sql`clock_timestamp()`;

export const subscriptions = pgTable(
  'subscriptions',
  {
    subscriptionId: text('subscription_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    planName: text('plan_name').notNull(),
    /** ACTIVE, TRIAL, EXPIRED, CANCELLED or PAST_DUE. */
    status: text('status').notNull(),
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
  },
  table => [index('subscriptions_by_customer').on(table.customerId, table.createdAt)],
);

export type Subscription = typeof subscriptions.$inferSelect;
