/** What staff see and do about events that could not be applied: the list, another try. Source: docs/architecture.md, Queues. */
import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { customers } from '@/lib/domains/customers/tables';
import { lineageQueue } from '@/lib/domains/lineage/queue';
import { lineageEvents, lineageWords } from '@/lib/domains/lineage/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { replay } from '@/lib/kernel/queue/queue';
import { db } from '@/lib/platform/db';

/** An event that was given up, for staff: whose it is and what happened to it, not what it says. */
export type GivenUpEvent = {
  event_id: number;
  customer_id: string;
  company_name: string;
  /** As senders name it: `START`. */
  event_type: string | null;
  /** The run that it is of, as its sender names it. */
  root_run_id: string;
  attempts: number;
  last_error: string | null;
  received_at: Date;
};

const listedAtMost = 200;

/** Events that were given up, newest first, at most 200. Staff only; the read is on record. AppError forbidden. */
export async function listGivenUpEvents(ctx: Ctx): Promise<GivenUpEvent[]> {
  await authorise(ctx, 'staff:read', 'lineage_event.list_given_up');
  await recordStaffRead(ctx, 'lineage_event.list_given_up', {});
  const columns = {
    event_id: lineageEvents.eventId,
    customer_id: lineageEvents.customerId,
    company_name: customers.companyName,
    event_type: sql<string | null>`left(${lineageEvents.event} ->> 'eventType', 20)`,
    root_run_id: lineageEvents.rootRunId,
    attempts: lineageEvents.attempts,
    last_error: lineageEvents.lastError,
    received_at: lineageEvents.receivedAt,
  };
  return db()
    .select(columns)
    .from(lineageEvents)
    .innerJoin(customers, eq(customers.customerId, lineageEvents.customerId))
    .where(eq(lineageEvents.status, lineageWords.dead))
    .orderBy(desc(lineageEvents.receivedAt), desc(lineageEvents.eventId))
    .limit(listedAtMost);
}

const applyAgainInput = z.strictObject({ event_id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** Puts an event that was given up back in line, with all its attempts. Throws AppError not_found, conflict, forbidden. */
export const applyEventAgain = defineCommand({
  name: 'lineage_event.apply_again',
  permission: 'staff:write',
  input: applyAgainInput,
  run: async ({ ctx, tx, input }) => {
    const event = await replay(tx, lineageQueue, {
      id: String(input.event_id),
      from: ['dead'],
      now: ctx.clock(),
      where: ctx.customerId ? eq(lineageEvents.customerId, ctx.customerId) : undefined,
    });
    return {
      result: { event_id: event.eventId },
      target: { type: 'lineage_event', id: String(event.eventId) },
      before: { status: lineageWords.dead, attempts: event.attempts, last_error: event.lastError },
      after: { status: lineageWords.waiting },
      mirror: [],
    };
  },
});
