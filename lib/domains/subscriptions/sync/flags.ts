/** What does not add up between Stripe and us, for staff: raised, raised again, resolved when it adds up. */
import { and, asc, eq, inArray, isNull, lt, notInArray, type SQL, sql } from 'drizzle-orm';
import { erasedStripeId } from '@/lib/domains/customers/erased-stripe-id';
import { erasures } from '@/lib/domains/organizations/tables';
import { type BillingFlag, billingFlags, type FlagKind } from '@/lib/domains/subscriptions/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type FlagInput = { kind: FlagKind; stripeId: string; customerId: string | null; detail: string };

/** Raises a flag, or sees it again; one that had been resolved begins anew. */
export async function raiseFlag(tx: Tx, flag: FlagInput, now: Date): Promise<void> {
  await tx
    .insert(billingFlags)
    .values({ ...flag, flagId: newId('flg'), firstSeenAt: now, lastSeenAt: now })
    .onConflictDoUpdate({
      target: [billingFlags.kind, billingFlags.stripeId],
      set: {
        customerId: flag.customerId,
        detail: flag.detail,
        lastSeenAt: now,
        firstSeenAt: sql`CASE WHEN ${billingFlags.resolvedAt} IS NULL THEN ${billingFlags.firstSeenAt} ELSE excluded.first_seen_at END`,
        resolvedAt: null,
      },
    });
}

const close = (tx: Tx | Db, now: Date, ...where: (SQL | undefined)[]) =>
  tx
    .update(billingFlags)
    .set({ resolvedAt: now })
    .where(and(isNull(billingFlags.resolvedAt), ...where))
    .returning({ flagId: billingFlags.flagId });

/** Raises a flag for a Stripe customer that we do not know, unless it was one and is erased. */
export async function flagUnknownCustomer(tx: Tx, stripeCustomerId: string, detail: string, now: Date): Promise<void> {
  const [erased] = await tx
    .select({ customerId: erasures.customerId })
    .from(erasures)
    .where(inArray(erasures.stripeCustomerId, [stripeCustomerId, erasedStripeId(stripeCustomerId)]));
  if (erased) await resolveFlags(tx, [stripeCustomerId], [], now);
  else await raiseFlag(tx, { kind: 'unknown_customer', stripeId: stripeCustomerId, customerId: null, detail }, now);
}

/** Why a Stripe customer that we do not know is flagged for an invoice. */
export const unknownPayer = (invoiceId: string | null): string =>
  `Stripe has the invoice ${invoiceId} for a customer that we do not know.`;

/** Resolves the open flags of these things in Stripe, those of `stillThere` apart; answers how many. */
export async function resolveFlags(tx: Tx, stripeIds: string[], stillThere: FlagKind[], now: Date): Promise<number> {
  const others = stillThere.length > 0 ? notInArray(billingFlags.kind, stillThere) : undefined;
  return (await close(tx, now, inArray(billingFlags.stripeId, stripeIds), others)).length;
}

/** Resolves the flags that nobody has raised again since; for a walk that has seen everything. Answers how many. */
export async function resolveUnseen(since: Date, now: Date): Promise<number> {
  return (await close(db(), now, lt(billingFlags.lastSeenAt, since))).length;
}

/** Open flags, oldest first; of one customer, or all. */
export async function openFlags(store: Db | Tx, customerId?: string): Promise<BillingFlag[]> {
  return store
    .select()
    .from(billingFlags)
    .where(and(isNull(billingFlags.resolvedAt), customerId ? eq(billingFlags.customerId, customerId) : undefined))
    .orderBy(asc(billingFlags.firstSeenAt), asc(billingFlags.flagId))
    .limit(1_000);
}

/** Open flags for the support console; an audited read of staff. AppError forbidden. */
export async function listFlags(ctx: Ctx): Promise<BillingFlag[]> {
  await authorise(ctx, 'staff:read', 'billing_flag.list');
  await recordStaffRead(ctx, 'billing_flag.list', {});
  return openFlags(db());
}
