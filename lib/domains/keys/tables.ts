/** Postgres tables of API keys: the customers' (mirrored to customers.customer_api_keys) and the operator's service keys. */

import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import { rateTiers } from '@/lib/domains/keys/rules';
import { bytes, instant } from '@/lib/kernel/columns';

/** Columns both kinds of key have. */
const keyColumns = () => ({
  /** SHA-256 of the key, lower-case hexadecimal. */
  apiKeyHash: text('api_key_hash').notNull().unique(),
  /** The key sealed by lib/kernel/sealing. */
  encryptedApiKey: bytes('encrypted_api_key').notNull(),
  keyName: text('key_name').notNull(),
  keyPrefix: text('key_prefix').notNull(),
  keyLast4: text('key_last4').notNull(),
  scopes: text('scopes').array().notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  /** Latest successful authentication; exact to the flush of verify.ts. */
  lastUsedAt: instant('last_used_at'),
  isActive: boolean('is_active').notNull().default(true),
  createdBy: text('created_by').notNull(),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
  deactivatedBy: text('deactivated_by'),
  deactivatedAt: instant('deactivated_at'),
  deactivationReason: text('deactivation_reason'),
  /** STANDARD, ELEVATED or UNLIMITED. */
  rateLimitTier: text('rate_limit_tier', { enum: rateTiers }).notNull().default('STANDARD'),
});

export const apiKeys = pgTable(
  'api_keys',
  {
    apiKeyId: text('api_key_id').primaryKey(),
    customerId: customerReference(),
    ...keyColumns(),
    /** The last use that BigQuery knows; see last-used.ts for why it lags. */
    lastUsedMirroredAt: instant('last_used_mirrored_at'),
    rotatedFrom: text('rotated_from').unique(),
    replacedBy: text('replaced_by'),
    /** The stored credentials that it may fetch; null where it may fetch any of the customer's. */
    credentialIds: text('credential_ids').array(),
    /** The form or request that made the key, so that a double click makes one. */
    requestToken: text('request_token'),
  },
  table => [
    index('api_keys_by_customer').on(table.customerId, table.createdAt),
    uniqueIndex('api_keys_by_request').on(table.customerId, table.requestToken),
    index('api_keys_expiring').on(table.expiresAt).where(sql`is_active AND expires_at IS NOT NULL`),
    index('api_keys_last_used_unmirrored')
      .on(table.lastUsedAt)
      .where(sql`last_used_at IS DISTINCT FROM last_used_mirrored_at`),
  ],
);

/**
 * The operator's own keys: act for any customer named in the call, belong to none.
 * Source: docs/architecture.md, Service keys.
 */
export const serviceKeys = pgTable('service_keys', { apiKeyId: text('api_key_id').primaryKey(), ...keyColumns() });

/** Calls of customers' keys by UTC day; written by uses.ts, kept for 90 days. */
export const keyCalls = pgTable(
  'key_calls',
  {
    apiKeyId: text('api_key_id').notNull(),
    customerId: text('customer_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    calls: bigint('calls', { mode: 'number' }).notNull(),
    /** Of these, how many were answered with 4xx or 5xx. */
    errors: bigint('errors', { mode: 'number' }).notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.apiKeyId, table.day] }),
    index('key_calls_by_customer').on(table.customerId, table.day),
    index('key_calls_by_day').on(table.day),
  ],
);

/** A call as key_callers keeps it. */
export type StoredCall = {
  at: string;
  method: string;
  /** As the documents write it: `/v1/runs/{pipeline_logging_id}`. */
  route: string;
  status: number;
  /** Of the problem document, where the call was refused. */
  code: string | null;
  ip_prefix: string | null;
  user_agent: string | null;
};

/** The latest 20 calls of each key, the last one first: who made them, of what, and what became of it. */
export const keyCallers = pgTable(
  'key_callers',
  {
    apiKeyId: text('api_key_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    latest: jsonb('latest').$type<StoredCall[]>().notNull(),
    lastAt: instant('last_at').notNull(),
  },
  table => [index('key_callers_by_last').on(table.lastAt)],
);

/** How many keys a customer may have active, where support gave another number than the default; see key-limit.ts. */
export const apiKeyLimits = pgTable('api_key_limits', {
  customerId: customerReference().primaryKey(),
  maxActiveKeys: integer('max_active_keys').notNull(),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export type ApiKey = typeof apiKeys.$inferSelect;
export type ServiceKey = typeof serviceKeys.$inferSelect;
