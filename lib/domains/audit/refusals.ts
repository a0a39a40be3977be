/** Refused attempts that belong to no organization: unknown keys, strangers, service keys, staff. Source: docs/spec/requirements.md, C-80. */
import { and, desc, eq, gte, inArray, isNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { triedSentence } from '@/lib/domains/audit/attempts';
import { type ListRefusalsInput, listRefusalsInput } from '@/lib/domains/audit/input';
import { serviceKeys } from '@/lib/domains/keys/tables';
import { users } from '@/lib/domains/team/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { instantInput, parseInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { auditDenials, auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

export type Refusal = {
  /** The minute it happened in. */
  at: Date;
  actor_type: string;
  /** A person's or key's id, the address of staff; `unknown` for a key that is not known. */
  actor_id: string;
  /** The person's address or the key's name, as they are now. */
  actor_name: string | null;
  action: string;
  /** "open the support console" */
  tried: string;
  occurrences: number;
  ip_prefix: string | null;
  user_agent: string | null;
  request_id: string | null;
};

export type RefusalPage = { refusals: Refusal[]; nextCursor: string | null };

/** Both tables hold refusals: those of the running minute, and those that became entries of the audit log. */
function storedRefusals({ from, actor }: { from: Date; actor: string }) {
  const counted = db()
    .select({
      at: auditDenials.minute,
      id: sql<string>`''`.as('id'),
      actorType: auditDenials.actorType,
      actorId: auditDenials.actorId,
      action: auditDenials.action,
      occurrences: auditDenials.occurrences,
      ipPrefix: auditDenials.ipPrefix,
      userAgent: auditDenials.userAgent,
      requestId: auditDenials.requestId,
    })
    .from(auditDenials)
    .where(
      and(
        isNull(auditDenials.customerId),
        gte(auditDenials.minute, from),
        actor ? eq(auditDenials.actorType, actor) : undefined,
      ),
    );
  const settled = db()
    .select({
      at: auditLog.occurredAt,
      id: sql<string>`${auditLog.auditId}`.as('id'),
      actorType: auditLog.actorType,
      actorId: auditLog.actorId,
      action: auditLog.action,
      occurrences: auditLog.occurrences,
      ipPrefix: auditLog.ipPrefix,
      userAgent: auditLog.userAgent,
      requestId: auditLog.requestId,
    })
    .from(auditLog)
    .where(
      and(
        isNull(auditLog.customerId),
        eq(auditLog.outcome, 'denied'),
        gte(auditLog.occurredAt, from),
        actor ? eq(auditLog.actorType, actor) : undefined,
      ),
    );
  return unionAll(counted, settled).as('refusals');
}

/** An entry that was only counted when its page was read has no id; as an entry it sorts before that position. */
const position = z.tuple([instantInput, z.string(), z.string(), z.string(), z.string()]);

async function namesOf(refusals: { actorType: string; actorId: string }[]): Promise<Map<string, string>> {
  const idsOf = (type: string) => [
    ...new Set(refusals.filter(({ actorType }) => actorType === type).map(({ actorId }) => actorId)),
  ];
  const [people, keys] = [idsOf('person'), idsOf('service')];
  const [userRows, keyRows] = await Promise.all([
    db().select({ id: users.userId, name: users.email }).from(users).where(inArray(users.userId, people)),
    db()
      .select({ id: serviceKeys.apiKeyId, name: serviceKeys.keyName })
      .from(serviceKeys)
      .where(inArray(serviceKeys.apiKeyId, keys)),
  ]);
  return new Map([...userRows, ...keyRows].map(({ id, name }) => [id, name]));
}

/**
 * One page of the last `days` days, newest first; a row is what one caller was refused within a minute. Staff only, the
 * read is on record. AppError forbidden, invalid_input, invalid_cursor.
 */
export async function listRefusals(ctx: Ctx, raw: z.input<typeof listRefusalsInput>): Promise<RefusalPage> {
  await authorise(ctx, 'staff:read', 'audit.list_refusals');
  const input = parseInput(listRefusalsInput, raw);
  await recordStaffRead(ctx, 'audit.list_refusals', input);
  return readPage(ctx, input);
}

async function readPage(ctx: Ctx, { days, actor, after, limit }: ListRefusalsInput): Promise<RefusalPage> {
  const stored = storedRefusals({ from: new Date(ctx.clock().getTime() - days * 86_400_000), actor });
  const order = [stored.at, stored.actorType, stored.actorId, stored.action, stored.id] as const;
  const [at, ...texts] = after === undefined ? [] : decodeCursor(position, after);
  const later = at
    ? sql`(${sql.join([...order], sql`, `)}) < (${at}::timestamptz, ${sql.join(
        texts.map(text => sql`${text}::text`),
        sql`, `,
      )})`
    : undefined;
  const rows = await db()
    .select()
    .from(stored)
    .where(later)
    .orderBy(...order.map(column => desc(column)))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const names = await namesOf(shown);
  return {
    refusals: shown.map(row => ({
      at: row.at,
      actor_type: row.actorType,
      actor_id: row.actorId,
      actor_name: names.get(row.actorId) ?? null,
      action: row.action,
      tried: triedSentence(row.action).replace(/^tried (to )?/, ''),
      occurrences: row.occurrences,
      ip_prefix: row.ipPrefix,
      user_agent: row.userAgent,
      request_id: row.requestId,
    })),
    nextCursor: last ? encodeCursor([last.at.toISOString(), last.actorType, last.actorId, last.action, last.id]) : null,
  };
}

const batchRows = 1_000;

/** Every refusal that the filter matches, newest first, in batches; on record as one read. Throws as listRefusals. */
export async function* allRefusals(
  ctx: Ctx,
  filter: Omit<z.input<typeof listRefusalsInput>, 'after' | 'limit'>,
): AsyncGenerator<Refusal[]> {
  for (let page = await listRefusals(ctx, { ...filter, limit: batchRows }); ; ) {
    if (page.refusals.length > 0) yield page.refusals;
    if (page.nextCursor === null) return;
    page = await readPage(ctx, parseInput(listRefusalsInput, { ...filter, limit: batchRows, after: page.nextCursor }));
  }
}
