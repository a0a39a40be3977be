/** Postgres tables of organizations: what was erased. */

import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '@/lib/kernel/columns';

/**
 * Customers that are gone: the proof, and what is left to do outside Postgres. Nothing in it names a person, and once
 * nothing is left to do, nothing names the organization.
 */
export const erasures = pgTable('erasures', {
  customerId: text('customer_id').primaryKey(),
  /** Made from the organization's name, so null once the dataset is known to be gone for good. */
  tenantDatasetId: text('tenant_dataset_id'),
  /** Datasets of its event sources, its agent log and its query desk, empty for the same reason; until then no other source gets one of these names. */
  eventDatasets: text('event_datasets').array().notNull().default([]),
  /** Stripe's id until its customer is known to be gone for good, from then on the id's SHA-256 (erasedStripeId). */
  stripeCustomerId: text('stripe_customer_id'),
  requestedAt: instant('requested_at').notNull(),
  erasedAt: instant('erased_at').notNull(),
  /** Rows deleted, by table. */
  deletedRows: jsonb('deleted_rows').notNull(),
  datasetDroppedAt: instant('dataset_dropped_at'),
  stripeDeletedAt: instant('stripe_deleted_at'),
});

export type Erasure = typeof erasures.$inferSelect;
