/** Postgres table of cloud credentials, mirrored to customers.customer_cloud_credentials; secrets only sealed. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import {
  credentialKinds,
  credentialProviders,
  credentialTypes,
  type StepResult,
  validationStatuses,
} from '@/lib/domains/credentials/rules';
import { customerReference } from '@/lib/domains/customers/tables';
import { bytes, instant } from '@/lib/kernel/columns';

export const cloudCredentials = pgTable(
  'cloud_credentials',
  {
    credentialId: text('credential_id').primaryKey(),
    customerId: customerReference(),
    provider: text('provider', { enum: credentialProviders }).notNull(),
    credentialType: text('credential_type', { enum: credentialTypes }).notNull(),
    kind: text('kind', { enum: credentialKinds }).notNull(),
    credentialName: text('credential_name').notNull(),
    /** The secret as JSON, sealed for `<credential_id>:<secret_version>`; empty once the credential is deleted. */
    encryptedCredentials: bytes('encrypted_credentials').notNull(),
    secretVersion: integer('secret_version').notNull().default(1),
    secretStoredAt: instant('secret_stored_at').notNull(),
    /** An id by which people tell secrets apart (a key id, a client id); never characters of the secret. */
    secretHint: text('secret_hint').notNull(),
    /** The secret before the last rotation, sealed for the version before, until the overlap ends. */
    previousCredentials: bytes('previous_credentials'),
    previousVersion: integer('previous_version'),
    previousUntil: instant('previous_until'),
    projectId: text('project_id'),
    accountId: text('account_id'),
    region: text('region'),
    /** Permissions that the last test found granted. */
    scopes: text('scopes').array().notNull().default([]),
    /** Permissions that a test asks for. */
    requiredPermissions: text('required_permissions').array().notNull().default([]),
    expiresAt: instant('expires_at'),
    lastValidatedAt: instant('last_validated_at'),
    validationStatus: text('validation_status', { enum: validationStatuses }),
    validationError: text('validation_error'),
    /** What the last test found, step by step. */
    lastCheck: jsonb('last_check').$type<StepResult[]>(),
    /** First of the failed tests since the last good one. */
    failingSince: instant('failing_since'),
    isActive: boolean('is_active').notNull().default(true),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by'),
    lastUsedAt: instant('last_used_at'),
    usageCount: bigint('usage_count', { mode: 'number' }).notNull().default(0),
    /** The form or request that stored it, so that a double click stores one. */
    requestToken: text('request_token'),
  },
  table => [
    index('cloud_credentials_by_customer').on(table.customerId, table.createdAt),
    uniqueIndex('cloud_credentials_by_request').on(table.customerId, table.requestToken),
    uniqueIndex('cloud_credentials_by_name')
      .on(table.customerId, sql`lower(${table.credentialName})`)
      .where(sql`is_active`),
    index('cloud_credentials_expiring').on(table.expiresAt).where(sql`is_active AND expires_at IS NOT NULL`),
    index('cloud_credentials_overlap').on(table.previousUntil).where(sql`previous_until IS NOT NULL`),
  ],
);

export type CloudCredential = typeof cloudCredentials.$inferSelect;
