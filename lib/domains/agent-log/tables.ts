/** Postgres tables of the agent log: where its chain stands, its users' salts, ids seen, checkpoints, erasures, settings. The log itself is in BigQuery. */
import { bigint, boolean, date, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { erasureStates } from '@/lib/domains/agent-log/rules';
import { customerReference } from '@/lib/domains/customers/tables';
import { bytes, instant, now } from '@/lib/kernel/columns';

/** The end of each customer's chain; the next row of `chat_event_chain` follows it. */
export const agentLogHeads = pgTable('agent_log_heads', {
  customerId: customerReference().primaryKey(),
  /** Number of the last row, which grows by one. */
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
  /** Its chain_hash. */
  chainHash: text('chain_hash').notNull(),
  recordedAt: instant('recorded_at').notNull(),
});

/**
 * Users whose events the log holds. Each has a secret by which their events' hashes are salted: once it is deleted, nothing can
 * tell from a hash what was said.
 */
export const agentLogUsers = pgTable(
  'agent_log_users',
  {
    customerId: customerReference(),
    /** As events name them. */
    userId: text('user_id').notNull(),
    /** Our name for them in the chain, made at random. */
    userRef: text('user_ref').notNull(),
    /** 32 random bytes. */
    salt: bytes('salt').notNull(),
    createdAt: instant('created_at').notNull().default(now),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.userId] }),
    uniqueIndex('agent_log_users_by_ref').on(table.customerId, table.userRef),
  ],
);

/** Ids of events that were recorded in the last days, so that one sent again counts once. */
export const agentLogEventIds = pgTable(
  'agent_log_event_ids',
  {
    customerId: customerReference(),
    eventId: uuid('event_id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.eventId] }),
    index('agent_log_event_ids_by_time').on(table.recordedAt),
  ],
);

/** Where a customer's chain stood once a day had ended, sealed by Cloud KMS: who can only write to Postgres or BigQuery cannot make one. */
export const agentLogCheckpoints = pgTable(
  'agent_log_checkpoints',
  {
    customerId: customerReference(),
    /** UTC day that had ended. */
    day: date('day').notNull(),
    /** The chain's last row when it was made: none of that day's rows comes after it. */
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** JSON of what the seal is about. */
    statement: text('statement').notNull(),
    seal: bytes('seal').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [primaryKey({ columns: [table.customerId, table.day] })],
);

/** Users who were erased, or are to be. */
export const agentLogErasures = pgTable(
  'agent_log_erasures',
  {
    erasureId: text('erasure_id').primaryKey(),
    customerId: customerReference(),
    userRef: text('user_ref').notNull(),
    /** Null once it is done. */
    userId: text('user_id'),
    state: text('state', { enum: erasureStates }).notNull(),
    /** Number of the erasure's own row in the chain: content of this user's events before it is gone. */
    sequence: bigint('sequence', { mode: 'number' }),
    /** Rows of chat_events whose content went. */
    events: bigint('events', { mode: 'number' }).notNull().default(0),
    requestedAt: instant('requested_at').notNull(),
    requestedBy: text('requested_by').notNull(),
    doneAt: instant('done_at'),
  },
  table => [index('agent_log_erasures_by_customer').on(table.customerId, table.requestedAt)],
);

/** What a customer chose; no row = the defaults of rules.ts. */
export const agentLogSettings = pgTable('agent_log_settings', {
  customerId: customerReference().primaryKey(),
  maskSecrets: boolean('mask_secrets').notNull(),
  maskEmails: boolean('mask_emails').notNull(),
  /** Whether arguments, results and messages of OpenTelemetry spans are kept; all else of a span is. */
  keepSpanContent: boolean('keep_span_content').notNull(),
  updatedAt: instant('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

export type AgentLogErasure = typeof agentLogErasures.$inferSelect;
export type AgentLogSettings = Pick<
  typeof agentLogSettings.$inferSelect,
  'maskSecrets' | 'maskEmails' | 'keepSpanContent'
>;
