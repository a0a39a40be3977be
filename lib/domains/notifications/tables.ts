/** Postgres tables of notifications: the outbox of messages to people, what each person wants, and failed runs and missed schedules to tell of. */

import { sql } from 'drizzle-orm';
import { boolean, date, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { missReasons } from '@/lib/domains/notifications/rules';
import { bytes, instant, now } from '@/lib/kernel/columns';
import { queueColumns, queueIndexes } from '@/lib/kernel/queue/columns';

/** A message as an item of the kernel's queue; one that is not wanted is kept, but skipped. */
export const notificationWords = { waiting: 'queued', done: 'sent', dead: 'failed', skipped: 'suppressed' } as const;
export const notificationStatuses = Object.values(notificationWords);

/** One message of one event to one person on one channel; written in the transaction of what it tells of. */
export const notifications = pgTable(
  'notifications',
  {
    /** Also the idempotency key that the channel's service is given. */
    notificationId: text('notification_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    event: text('event').notNull(),
    /** What the event is about, so that the same thing is told once: a day, a key and its expiry, a pipeline and hour. */
    subject: text('subject').notNull(),
    /** The person's address, lower case. */
    recipient: text('recipient').notNull(),
    /** Null where the address belongs to nobody yet. */
    userId: text('user_id'),
    channel: text('channel').notNull(),
    /** The organization's name when it happened, so that every attempt sends the same bytes. */
    companyName: text('company_name').notNull(),
    data: jsonb('data').notNull(),
    /** A secret of the message, sealed by lib/kernel/sealing: an invitation's token. Wiped once the message is out. */
    sealedSecret: bytes('sealed_secret'),
    /** `lastError` is also why a message is not sent at all. */
    ...queueColumns(notificationWords),
    /** The message's id at the channel's service. */
    providerId: text('provider_id'),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  table => [
    uniqueIndex('notifications_once').on(table.customerId, table.event, table.subject, table.recipient, table.channel),
    ...queueIndexes('notifications', notificationWords, table, table.createdAt),
    index('notifications_by_recipient').on(table.recipient, table.createdAt),
  ],
);

/** A person's choice for an event of a customer; without a row the event's default for their role holds. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    userId: text('user_id').notNull(),
    customerId: text('customer_id').notNull(),
    event: text('event').notNull(),
    channel: text('channel').notNull(),
    enabled: boolean('enabled').notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.userId, table.customerId, table.event, table.channel] })],
);

/** The first failed run of a pipeline in each UTC hour. A trigger on runs writes it; told_at is when people were told. */
export const runFailures = pgTable(
  'run_failures',
  {
    customerId: text('customer_id').notNull(),
    pipelineId: text('pipeline_id').notNull(),
    /** Start of the UTC hour in which the run ended. */
    hour: instant('hour').notNull(),
    pipelineLoggingId: uuid('pipeline_logging_id').notNull(),
    toldAt: instant('told_at'),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.pipelineId, table.hour] }),
    index('run_failures_by_run').on(table.pipelineLoggingId),
    index('run_failures_untold').on(table.hour).where(sql`told_at IS NULL`),
  ],
);

/** Times of a schedule at which nothing ran, the first of a day; told_at is when people were told. */
export const scheduleMisses = pgTable(
  'schedule_misses',
  {
    customerId: text('customer_id').notNull(),
    /** What missed it: a config, or the reason where that holds for all of them. */
    about: text('about').notNull(),
    /** UTC day of the time missed; the Monday before it where it is about all configs. */
    day: date('day', { mode: 'string' }).notNull(),
    configId: text('config_id').notNull(),
    scheduledFor: instant('scheduled_for').notNull(),
    /** The run that waited in vain; null where none was made. */
    pipelineLoggingId: uuid('pipeline_logging_id'),
    reason: text('reason', { enum: missReasons }).notNull(),
    toldAt: instant('told_at'),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.about, table.day] }),
    index('schedule_misses_untold').on(table.scheduledFor).where(sql`told_at IS NULL`),
  ],
);

export type Notification = typeof notifications.$inferSelect;
export type NotificationStatus = (typeof notificationStatuses)[number];
