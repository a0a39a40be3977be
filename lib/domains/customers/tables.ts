/** Postgres table of customers (organizations); mirrored to customers.customer_profiles. */
import { sql } from 'drizzle-orm';
import { boolean, date, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 6 });
const now = sql`clock_timestamp()`;

export const customers = pgTable('customers', {
  customerId: text('customer_id').primaryKey(),
  companyName: text('company_name').notNull(),
  adminEmail: text('admin_email').notNull(),
  tenantDatasetId: text('tenant_dataset_id').notNull().unique(),
  /** ACTIVE, SUSPENDED, TRIAL or CANCELLED; follows the subscription unless SUSPENDED by staff. */
  status: text('status').notNull(),
  /** Copy of the subscription's plan, changed in the same transaction. */
  subscriptionPlan: text('subscription_plan').notNull(),
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
});

export type Customer = typeof customers.$inferSelect;
