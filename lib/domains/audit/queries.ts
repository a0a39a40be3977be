/** What pages, the CSV and the API ask of the audit log: entries by filter, and who occurs in it. */
import { z } from 'zod';
import { deniedAction, type ListEntriesInput, listEntriesInput } from '@/lib/domains/audit/input';
import { auditMirror } from '@/lib/domains/audit/mirror';
import { firstKeptDay } from '@/lib/domains/audit/retention';
import type { Ctx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { auditLog } from '@/lib/kernel/tables';
import { addDays } from '@/lib/platform/clock';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { customerAuditLogRow } from '@/lib/warehouse/rows/customers';

const dayStart = (utcDay: string): Date => new Date(`${utcDay}T00:00:00Z`);
const endOfTime = new Date('9999-12-31T00:00:00Z');
const cursor = z.tuple([instantInput, z.int()]);
const firstDay = { first_day: z.iso.date() };

const entryRow = customerAuditLogRow.omit({ customer_id: true });
export type AuditEntryRow = z.output<typeof entryRow>;

const entriesAsked = listEntriesInput.extend(firstDay);
type EntriesAsked = z.output<typeof entriesAsked>;

/** What the filter means; '' is any. `first_day` is the first kept day; nothing older is answered. */
function conditionsOf({ actor, action, target, from, to, first_day, after }: EntriesAsked) {
  const [actorType = '', actorId = ''] = actor.split(/:(.*)/s);
  const denied = action === deniedAction;
  return {
    from: dayStart([from, first_day].sort().at(-1) ?? first_day),
    until: to ? dayStart(addDays(to, 1)) : endOfTime,
    actorType,
    actorId,
    action: denied ? '' : action,
    outcome: denied ? 'denied' : '',
    target,
    after: after === undefined ? null : decodeCursor(cursor, after),
  };
}

type Entry = typeof auditLog.$inferSelect;

/** The row as sql/audit/list-entries.sql answers it; null where it is left out. */
function listedRow(entry: Entry, params: EntriesAsked): AuditEntryRow | null {
  const wanted = conditionsOf(params);
  const pairs: [wanted: string, value: string][] = [
    [wanted.actorType, entry.actorType],
    [wanted.actorId, entry.actorId],
    [wanted.action, entry.action],
    [wanted.outcome, entry.outcome],
    [wanted.target, entry.targetType],
  ];
  const [time, sequence] = wanted.after ?? [null, 0];
  const isBefore = time && (ascending(time, entry.occurredAt) || ascending(sequence, entry.sequence)) <= 0;
  if (isBefore || entry.occurredAt < wanted.from || entry.occurredAt >= wanted.until) return null;
  if (pairs.some(([text, value]) => text !== '' && text !== value)) return null;
  return storedEntry(entry);
}

/** Entries by filter, newest first, one page. */
const entryRows = defineQuery({
  name: 'audit.list_entries',
  permission: 'audit:read',
  sql: 'audit/list-entries.sql',
  params: entriesAsked,
  pageSize: params => params.limit,
  bind: params => {
    const wanted = conditionsOf(params);
    const [time, sequence] = wanted.after ?? [null, 0];
    return {
      from_time: { type: 'TIMESTAMP', value: wanted.from },
      until_time: { type: 'TIMESTAMP', value: wanted.until },
      actor_type: { type: 'STRING', value: wanted.actorType },
      actor_id: { type: 'STRING', value: wanted.actorId },
      action: { type: 'STRING', value: wanted.action },
      outcome: { type: 'STRING', value: wanted.outcome },
      target_type: { type: 'STRING', value: wanted.target },
      is_later_page: { type: 'BOOL', value: time !== null },
      after_time: { type: 'TIMESTAMP', value: time ?? endOfTime },
      after_sequence: { type: 'INT64', value: sequence },
    };
  },
  row: entryRow,
  overlay: overlayOf({
    mirrors: [auditMirror.name],
    read: changedRows(auditLog, {
      key: auditLog.auditId,
      customer: auditLog.customerId,
      changedAt: auditLog.occurredAt,
    }),
    sourceKey: (entry: Entry) => entry.auditId,
    rowOf: (entry, { params }: { params: EntriesAsked; now: Date }) => listedRow(entry, params),
    rowKey: row => row.audit_id,
    compare: (a, b) => ascending(b.occurred_at, a.occurred_at) || ascending(b.sequence, a.sequence),
  }),
});

export type AuditPage = RowsAge & { entries: AuditEntryRow[]; nextCursor: string | null };

/** Which of our people it was is ours to know; that it was one of us is the customer's. */
const withoutStaffAddress = (entry: AuditEntryRow): AuditEntryRow =>
  entry.actor_type === 'staff' ? { ...entry, actor_id: '' } : entry;

/** An entry of Postgres as a customer reads it. */
export const storedEntry = (entry: Entry): AuditEntryRow =>
  withoutStaffAddress(entryRow.strip().parse(auditMirror.toRow(entry)));

/** One page of the customer's entries of the kept days, newest first. AppError invalid_cursor, warehouse_unavailable. */
export async function listEntries(ctx: Ctx, raw: z.input<typeof listEntriesInput>): Promise<AuditPage> {
  const answer = await entryRows(ctx, { ...raw, first_day: firstKeptDay(ctx.clock()) });
  const { rows, more, added: _added, updating: _updating, ...age } = answer;
  const entries = rows.map(withoutStaffAddress);
  const last = more ? entries.at(-1) : undefined;
  const nextCursor = last ? encodeCursor([last.occurred_at.toISOString(), last.sequence]) : null;
  return { entries, nextCursor, ...age };
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
  withoutOverlay: 'It only names who can be filtered by; the page adds those of the entries it shows.',
});

/** Who occurs in the customer's kept entries, the busiest first, at most 200: people and keys by id, others by kind. */
export async function listActors(ctx: Ctx): Promise<{ actor_type: string; actor_id: string; entries: number }[]> {
  return (await actorRows(ctx, { first_day: firstKeptDay(ctx.clock()) })).rows;
}
