/** Postgres tables of customers (organizations; mirrored to customers.customer_profiles). */

import { sql } from 'drizzle-orm';
import { boolean, date, index, pgTable, text } from 'drizzle-orm/pg-core';
import { customerStatuses } from '@/lib/domains/customers/rules';
import { planNames } from '@/lib/domains/subscriptions/rules';
import { instant, now } from '@/lib/kernel/columns';

export const customers = pgTable(
  'customers',
  {
    customerId: text('customer_id').primaryKey(),
    companyName: text('company_name').notNull(),
    adminEmail: text('admin_email').notNull(),
    tenantDatasetId: text('tenant_dataset_id').notNull().unique(),
    /** ACTIVE, SUSPENDED, TRIAL or CANCELLED; follows the subscription unless SUSPENDED by staff. */
    status: text('status', { enum: customerStatuses }).notNull(),
    /** Copy of the subscription's plan, changed in the same transaction. */
    subscriptionPlan: text('subscription_plan', { enum: planNames }).notNull(),
    stripeCustomerId: text('stripe_customer_id').unique(),
    createdAt: instant('created_at').notNull().default(now),
    updatedAt: instant('updated_at').notNull().default(now),
    createdBy: text('created_by').notNull(),
    updatedBy: text('updated_by').notNull(),
    trialStartDate: date('trial_start_date', { mode: 'string' }),
    trialEndDate: date('trial_end_date', { mode: 'string' }),
    supportTier: text('support_tier').notNull().default('STANDARD'),
    billingEmail: text('billing_email'),
    phoneNumber: text('phone_number'),
    dataResidency: text('data_residency').notNull().default('US'),
    requiresHipaa: boolean('requires_hipaa').notNull().default(false),
    requiresSoc2: boolean('requires_soc2').notNull().default(false),
    /** Staff only. */
    notes: text('notes'),
    /** The person and form that opened it, so that a double click opens one. */
    signUpToken: text('sign_up_token').unique(),
    /** When its dataset and tables were known to be there; null until then. */
    datasetReadyAt: instant('dataset_ready_at'),
    /** True while Stripe has an older name or billing address. */
    stripeOutdated: boolean('stripe_outdated').notNull().default(false),
    deletionRequestedAt: instant('deletion_requested_at'),
    deletionRequestedBy: text('deletion_requested_by'),
    /** From then on it cannot be restored, and a job erases it. */
    deletionDueAt: instant('deletion_due_at'),
  },
  table => [
    index('customers_by_creator').on(table.createdBy),
    index('customers_deletion_due').on(table.deletionDueAt).where(sql`deletion_due_at IS NOT NULL`),
  ],
);

/**
 * The customer of a row, held to by a foreign key. For tables that people and Stripe change; runs, steps, counters and
 * messages are written too often to be checked each time.
 */
export const customerReference = () =>
  text('customer_id')
    .notNull()
    .references(() => customers.customerId);

export type Customer = typeof customers.$inferSelect;
