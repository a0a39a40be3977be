/** The event tail: what came last of a source, the newest first, with the calls as they were sent. */
import { and, desc, eq, gt, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tailInput } from '@/lib/domains/events/input';
import { jsonOf, sentCalls } from '@/lib/domains/events/receipts/sent-calls';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import { type EventReceipt, eventReceipts as receipts } from '@/lib/domains/events/tables';
import { receiptSummary, type TailPage } from '@/lib/domains/events/view';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';

/** Place of a receipt in the order: all that were written together have one instant. */
const position = z.strictObject({
  at: instantInput,
  shard: z.int().min(0).max(32_767),
  position: z.int().min(0),
  index: z.int().min(0).max(32_767),
});
const order = [receipts.recordedAt, receipts.shard, receipts.position, receipts.itemIndex];

/** Receipts that are looked through for what has no index: who sent it, which event, which outcome. */
const lookedThrough = 50_000;

type Asked = z.output<typeof tailInput>;

const cursorOf = ({ recordedAt, shard, position: at, itemIndex }: EventReceipt): string =>
  encodeCursor({ at: recordedAt.toISOString(), shard, position: at, index: itemIndex });

function following(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const { at, shard, position: entry, index } = decodeCursor(position, cursor);
  return sql`(${sql.join(order, sql`, `)}) < (${at}::timestamptz, ${shard}, ${entry}, ${index})`;
}

/** The instant of the oldest receipt that is looked through. */
const oldest = (sourceId: string) => sql`coalesce((
  SELECT recorded_at FROM event_receipts WHERE source_id = ${sourceId}
  ORDER BY recorded_at DESC OFFSET ${lookedThrough} LIMIT 1), '-infinity')`;

function wanted({ source_id: sourceId, q, outcome }: Asked): SQL | undefined {
  const isNamed =
    q === undefined
      ? undefined
      : or(...[receipts.userId, receipts.anonymousId, receipts.event].map(column => eq(column, q)));
  const recent = q === undefined && outcome === undefined ? undefined : gt(receipts.recordedAt, oldest(sourceId));
  return and(outcome === undefined ? undefined : eq(receipts.outcome, outcome), isNamed, recent);
}

const page = (asked: Asked, where: SQL | undefined) =>
  db()
    .select()
    .from(receipts)
    .where(and(eq(receipts.sourceId, asked.source_id), where, following(asked.after)))
    .orderBy(...order.map(column => desc(column)))
    .limit(asked.limit + 1);

const newestFirst = (one: EventReceipt, other: EventReceipt): number =>
  other.recordedAt.getTime() - one.recordedAt.getTime() ||
  other.shard - one.shard ||
  other.position - one.position ||
  other.itemIndex - one.itemIndex;

/** A message id has an index, so it is found among all receipts. */
async function found(asked: Asked): Promise<EventReceipt[]> {
  const listed = page(asked, wanted(asked));
  if (asked.q === undefined) return listed;
  const byId = page(asked, and(eq(receipts.messageId, asked.q), asked.outcome && eq(receipts.outcome, asked.outcome)));
  const all = [...(await listed), ...(await byId)];
  return [...new Map(all.map(receipt => [cursorOf(receipt), receipt])).values()].sort(newestFirst);
}

async function list(ctx: CustomerCtx, asked: Asked, { withBodies } = { withBodies: true }): Promise<TailPage> {
  await datasetOfSource(ctx, asked.source_id);
  const all = await found(asked);
  const shown = all.slice(0, asked.limit);
  const last = shown.at(-1);
  const calls = withBodies ? await sentCalls(shown) : [];
  const events = shown.map((receipt, at) => ({
    ...receiptSummary(receipt, jsonOf(calls[at] ?? null)),
    tables: receipt.tableNames,
  }));
  return { events, nextCursor: last && all.length > asked.limit ? cursorOf(last) : null };
}

/**
 * What became of the calls of the caller's source, the newest first. `q` is a message id, or, among the last 50,000, a user id,
 * an anonymous id or the name of an event; `outcome` too is looked for among these. Without bodies the log is not read, and
 * every body is null: a page of bodies may hold megabytes. AppError not_found, invalid_cursor.
 */
export const listTail = defineOperation({ name: 'event.list', permission: 'events:read', input: tailInput, run: list });
