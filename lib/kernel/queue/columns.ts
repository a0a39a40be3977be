/** The columns and indexes that make a Postgres table a queue; each queue is a table of its own, with its own words. */

import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, index, integer, text } from 'drizzle-orm/pg-core';
import { instant, now } from '@/lib/kernel/columns';

/** What the states of an item are called in its table. */
export type QueueWords = {
  /** Due now or later, or held by a worker. */
  waiting: string;
  done: string;
  /** The dead letter: given up, for staff to look at and replay. */
  dead: string;
  /** Not to be worked on. */
  skipped: string;
};

/** The queue's part of a table. `nextAttemptAt` is when the next attempt is due; while an item is leased, when others may take it. */
export const queueColumns = <const Words extends QueueWords>(words: Words) => ({
  status: text('status', { enum: [words.waiting, words.done, words.dead, words.skipped] }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: instant('next_attempt_at').notNull().default(now),
  lastError: text('last_error'),
});

export type QueueColumns = Record<'status' | 'attempts' | 'nextAttemptAt' | 'lastError', AnyPgColumn>;

const quoted = (word: string) => sql.raw(`'${word}'`);

/** Finds what is due, by its time, and what was given up, by its arrival; holds the status to the words. */
export const queueIndexes = (name: string, words: QueueWords, table: QueueColumns, arrivedAt: AnyPgColumn) => [
  index(`${name}_due`)
    .on(table.nextAttemptAt)
    .where(sql`status = ${quoted(words.waiting)}`),
  index(`${name}_dead`)
    .on(arrivedAt)
    .where(sql`status = ${quoted(words.dead)}`),
  check(
    `${name}_status`,
    sql`${table.status} IN (${sql.join([words.waiting, words.done, words.dead, words.skipped].map(quoted), sql`, `)})`,
  ),
];
