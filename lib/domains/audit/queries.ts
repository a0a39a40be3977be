/** What pages, the CSV and the API ask of the audit log: entries by filter, and who occurs in it. */
import { z } from 'zod';
import { deniedAction, type ListEntriesInput, listEntriesInput } from '@/lib/domains/audit/input';
import { firstKeptDay } from '@/lib/domains/audit/retention';
import type { Ctx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { customerAuditLogRow } from '@/lib/warehouse/rows/customers';

const dayStart = (utcDay: string): Date => new Date(`${utcDay}T00:00:00Z`);
const endOfTime = new Date('9999-12-31T00:00:00Z');
const cursor = z.tuple([instantInput, z.int()]);
const firstDay = { first_day: z.iso.date() };

const entryRow = customerAuditLogRow.omit({ customer_id: true });
export type AuditEntryRow = z.output<typeof entryRow>;

/** Rows of one page, one more than `limit`. `first_day` is the first kept day; nothing older is answered. */
const entryRows = defineQuery({
  name: 'audit.list_entries',
  permission: 'audit:read',
  sql: 'audit/list-entries.sql',
  params: listEntriesInput.extend(firstDay),
  bind: ({ actor, action, target, from, to, first_day, after, limit }) => {
    const [actorType = '', actorId = ''] = actor.split(/:(.*)/s);
    const [time, sequence] = after === undefined ? [null, 0] : decodeCursor(cursor, after);
    const denied = action === deniedAction;
    return {
      from_time: { type: 'TIMESTAMP', value: dayStart([from, first_day].sort().at(-1) ?? first_day) },
      until_time: { type: 'TIMESTAMP', value: to ? dayStart(addDays(to, 1)) : endOfTime },
      actor_type: { type: 'STRING', value: actorType },
      actor_id: { type: 'STRING', value: actorId },
      action: { type: 'STRING', value: denied ? '' : action },
      outcome: { type: 'STRING', value: denied ? 'denied' : '' },
      target_type: { type: 'STRING', value: target },
      is_later_page: { type: 'BOOL', value: time !== null },
      after_time: { type: 'TIMESTAMP', value: time ?? endOfTime },
      after_sequence: { type: 'INT64', value: sequence },
      row_limit: { type: 'INT64', value: limit + 1 },
    };
  },
  row: entryRow,
});

export type AuditPage = {
  entries: AuditEntryRow[];
  nextCursor: string | null;
  readAt: Date;
  stale: boolean;
  /** Since when an entry waits for BigQuery; null when none does. */
  pendingSince: Date | null;
};

/** Which of our people it was is ours to know; that it was one of us is the customer's. */
const withoutStaffAddress = (entry: AuditEntryRow): AuditEntryRow =>
  entry.actor_type === 'staff' ? { ...entry, actor_id: '' } : entry;

/** One page of the customer's entries of the kept days, newest first. AppError invalid_cursor, warehouse_unavailable. */
export async function listEntries(ctx: Ctx, raw: z.input<typeof listEntriesInput>): Promise<AuditPage> {
  const limit = raw.limit === undefined ? 50 : Number(raw.limit);
  const { rows, readAt, stale, pendingSince } = await entryRows(ctx, { ...raw, first_day: firstKeptDay(ctx.clock()) });
  const entries = rows.slice(0, limit).map(withoutStaffAddress);
  const last = rows.length > limit ? entries.at(-1) : undefined;
  const nextCursor = last ? encodeCursor([last.occurred_at.toISOString(), last.sequence]) : null;
  return { entries, nextCursor, readAt, stale, pendingSince };
}

/** Entries per read of `allEntries`. */
const batchSize = 5_000;

/** Every entry the filter matches, newest first, read in batches so that memory stays bounded. Throws as listEntries. */
export async function* allEntries(
  ctx: Ctx,
  filter: Omit<ListEntriesInput, 'after' | 'limit'>,
): AsyncGenerator<AuditEntryRow[]> {
  for (let after: string | undefined; ; ) {
    const page = await listEntries(ctx, { ...filter, limit: batchSize, ...(after ? { after } : {}) });
    if (page.entries.length > 0) yield page.entries;
    if (page.nextCursor === null) return;
    after = page.nextCursor;
  }
}

const actorRows = defineQuery({
  name: 'audit.list_actors',
  permission: 'audit:read',
  sql: 'audit/list-actors.sql',
  params: z.strictObject(firstDay),
  bind: ({ first_day }) => ({ from_time: { type: 'TIMESTAMP', value: dayStart(first_day) } }),
  row: z.object({ actor_type: z.string(), actor_id: z.string(), entries: z.number() }),
});

/** Who occurs in the customer's kept entries, the busiest first, at most 200: people and keys by id, others by kind. */
export async function listActors(ctx: Ctx): Promise<{ actor_type: string; actor_id: string; entries: number }[]> {
  return (await actorRows(ctx, { first_day: firstKeptDay(ctx.clock()) })).rows;
}
