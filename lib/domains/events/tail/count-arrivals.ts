/** How many events came to a source since a moment, so that an event tail can say so without moving. */
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

/** Nobody reads on from "1,000 new events". */
const mostCounted = 1_000;

/** `isMore`: there are more than `count`. */
export type Arrivals = { count: number; isMore: boolean };

async function countSince(ctx: CustomerCtx, { since }: { since: string }, sourceId: string): Promise<Arrivals> {
  await datasetOfSource(ctx, sourceId);
  const { rows } = await db().execute<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM event_receipts WHERE source_id = ${sourceId} AND recorded_at > ${since}::timestamptz LIMIT ${mostCounted + 1}
    ) AS arrived`);
  const count = rows[0]?.count ?? 0;
  return { count: Math.min(count, mostCounted), isMore: count > mostCounted };
}

/** Receipts of the caller's source that were written after `since`, whatever became of their events. AppError not_found. */
export const countArrivals = defineOperation({
  name: 'event.count_arrivals',
  permission: 'events:read',
  input: z.strictObject({ since: instantInput }),
  run: countSince,
});
