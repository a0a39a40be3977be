/**
 * The audit trail: rows written inside a command's transaction, denials counted per minute.
 * Source: docs/architecture.md, Audit.
 */
import { lt, sql } from 'drizzle-orm';
import type { Ctx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { auditDenials, auditHeads, auditLog } from '@/lib/kernel/tables';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';

export type AuditEntry = {
  action: string;
  targetType: string;
  targetId: string;
  outcome: 'ok' | 'denied' | 'failed';
  /** Rows before and after; columns of secrets are cut by name and by type. */
  before?: unknown;
  after?: unknown;
};

/** A secret's version, hint and times tell that it was replaced; they are none. */
const secretName = /encrypted|secret(?!_(?:version|hint|stored_at)$)|token|hash|password|ciphertext|(^|_)key$/i;

/** A copy fit for the audit log: secrets cut, dates as text. */
export function withoutSecrets(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return '[secret]';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object') return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return (value as { toJSON: () => unknown }).toJSON();
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretName.test(name) ? '[secret]' : withoutSecrets(item)]),
  );
}

/** The sequence a caller's rows belong to: the customer's, else one of its own. */
export function auditScope(ctx: Ctx): string {
  if (ctx.customerId) return ctx.customerId;
  return ctx.actor.type === 'staff' ? `staff:${ctx.actor.id}` : ctx.actor.type === 'system' ? 'system' : 'stranger';
}

async function nextSequence(tx: Tx, scope: string): Promise<number> {
  const [head] = await tx
    .insert(auditHeads)
    .values({ scope, sequence: 1 })
    .onConflictDoUpdate({ target: auditHeads.scope, set: { sequence: sql`${auditHeads.sequence} + 1` } })
    .returning();
  if (!head) throw new Error('the audit head did not move');
  return head.sequence;
}

/** Appends one row; call it last in the transaction, because it locks the customer's sequence. */
export async function appendAudit(tx: Tx, ctx: Ctx, entry: AuditEntry): Promise<void> {
  const scope = auditScope(ctx);
  const auditId = newUuid();
  const occurredAt = ctx.clock();
  await tx.insert(auditLog).values({
    auditId,
    customerId: ctx.customerId,
    scope,
    sequence: await nextSequence(tx, scope),
    occurredAt,
    actorType: ctx.actor.type,
    actorId: ctx.actor.id,
    action: entry.action,
    targetType: entry.targetType,
    targetId: entry.targetId,
    outcome: entry.outcome,
    before: withoutSecrets(entry.before),
    after: withoutSecrets(entry.after),
    requestId: ctx.requestId,
    ipPrefix: ctx.ipPrefix,
    userAgent: ctx.userAgent?.slice(0, 400) ?? null,
  });
  await enqueue(tx, [auditRef(auditId, ctx.customerId, occurredAt)]);
}

const auditRef = (auditId: string, customerId: string | null, occurredAt: Date) => ({
  mirror: 'customers.customer_audit_log',
  key: auditId,
  partitionValue: occurredAt.toISOString(),
  customerId,
});

/** Counts a refusal in its minute; one statement, so that abuse costs one small row a minute. */
export async function recordDenial(ctx: Ctx, action: string, store: Db = db()): Promise<void> {
  const minute = new Date(Math.floor(ctx.clock().getTime() / 60_000) * 60_000);
  await store
    .insert(auditDenials)
    .values({
      scope: auditScope(ctx),
      customerId: ctx.customerId,
      actorType: ctx.actor.type,
      actorId: ctx.actor.id,
      action,
      minute,
      requestId: ctx.requestId,
      ipPrefix: ctx.ipPrefix,
      userAgent: ctx.userAgent?.slice(0, 400) ?? null,
    })
    .onConflictDoUpdate({
      target: [
        auditDenials.scope,
        auditDenials.actorType,
        auditDenials.actorId,
        auditDenials.action,
        auditDenials.minute,
      ],
      set: { occurrences: sql`${auditDenials.occurrences} + 1` },
    });
}

/** recordDenial for a caller who is refused in any case: what cannot be counted is logged. */
export async function recordRefusal(ctx: Ctx, action: string): Promise<void> {
  await recordDenial(ctx, action).catch(error =>
    log().warn({ err: error, action, request_id: ctx.requestId }, 'a refusal was not counted'),
  );
}

/** Turns the denials of finished minutes into audit rows; answers how many. `before` ends the minutes taken. */
export async function settleDenials(before: Date, store: Db = db()): Promise<number> {
  return store.transaction(async tx => {
    const denials = await tx.delete(auditDenials).where(lt(auditDenials.minute, before)).returning();
    for (const denial of denials.sort((a, b) => a.scope.localeCompare(b.scope))) {
      const auditId = newUuid();
      const { minute, ...columns } = denial;
      await tx.insert(auditLog).values({
        ...columns,
        auditId,
        sequence: await nextSequence(tx, denial.scope),
        occurredAt: minute,
        targetType: 'permission',
        targetId: denial.action,
        outcome: 'denied',
      });
      await enqueue(tx, [auditRef(auditId, denial.customerId, minute)]);
    }
    return denials.length;
  });
}
