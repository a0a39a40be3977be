/** The one writer of what Stripe says: subscription, profile, limits, history, flags and audit, in one transaction. */
import { eq } from 'drizzle-orm';
import type { Customer } from '@/lib/domains/customers/tables';
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import { settleStanding } from '@/lib/domains/subscriptions/standing/settle-standing';
import { isKnownStatus, isLive, statusOf } from '@/lib/domains/subscriptions/status';
import { flagUnknownCustomer, raiseFlag, resolveFlags } from '@/lib/domains/subscriptions/sync/flags';
import { freshRow, type Known, lockKnown, type Place, placeOf } from '@/lib/domains/subscriptions/sync/matching-row';
import type { Snapshot } from '@/lib/domains/subscriptions/sync/snapshot';
import {
  changedColumns,
  columnsAfter,
  type SubscriptionColumns,
} from '@/lib/domains/subscriptions/sync/snapshot-columns';
import { type ChangeCause, type FlagKind, type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import { appendAudit } from '@/lib/kernel/audit/audit';
import type { Ctx } from '@/lib/kernel/ctx';
import { enqueue, type MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

export type ApplyOutcome = 'applied' | 'unchanged' | 'not_current' | 'unknown_customer' | 'flagged';
export type ApplyResult = {
  outcome: ApplyOutcome;
  /** Ours; null where we do not know the Stripe customer. */
  customerId: string | null;
  /** The rows that changed; they are in the outbox already, a caller may wait for them. */
  mirror: MirrorRef[];
  /** True when what was current has ended with this: a second subscription may take its place. */
  ended: boolean;
};

async function storeRow(
  tx: Tx,
  place: Place,
  row: Subscription,
  next: SubscriptionColumns,
  observedAt: Date,
  now: Date,
) {
  const columns = { ...next, updatedAt: now, stripeFetchedAt: observedAt };
  const [stored] =
    place.kind === 'new'
      ? await tx
          .insert(subscriptions)
          .values({ ...row, ...columns })
          .returning()
      : await tx
          .update(subscriptions)
          .set(columns)
          .where(eq(subscriptions.subscriptionId, row.subscriptionId))
          .returning();
  if (!stored) throw new Error('the subscription was not stored');
  return stored;
}

/** Stripe says the same as before: only when it was asked is written, and nobody is told. */
async function noteSeen(tx: Tx, row: Subscription, observedAt: Date): Promise<Subscription> {
  const seen = { stripeFetchedAt: observedAt };
  await tx.update(subscriptions).set(seen).where(eq(subscriptions.subscriptionId, row.subscriptionId));
  return { ...row, ...seen };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** The named columns as the audit log shows them. */
const auditView = <Row extends object>(row: Row, names: (keyof Row)[]): Record<string, unknown> =>
  Object.fromEntries(names.map(name => [snake(String(name)), row[name]]));

type Writing = { tx: Tx; ctx: Ctx; snapshot: Snapshot; cause: ChangeCause; observedAt: Date };
type Written = { changed: boolean; row: Subscription; mirror: MirrorRef[] };

/** Writes the snapshot to its place and all that follows from it, and says so in the audit log. */
async function write(
  writing: Writing,
  known: Known,
  place: Exclude<Place, { kind: 'second' | 'none' }>,
): Promise<Written> {
  const { tx, ctx, snapshot, cause, observedAt } = writing;
  const now = ctx.clock();
  const base = place.kind === 'new' ? freshRow(place.previous, snapshot, now) : place.row;
  const next = columnsAfter(base, snapshot, now);
  const differs = changedColumns<Subscription>(base, next);
  const isAsBefore = place.kind !== 'new' && differs.length === 0;
  const row = isAsBefore
    ? await noteSeen(tx, base, observedAt)
    : await storeRow(tx, place, base, next, observedAt, now);
  const mirror: MirrorRef[] = isAsBefore ? [] : [subscriptionsMirror.ref(row)];
  let customer = known.customer;
  if (place.kind !== 'former') {
    const previous = place.kind === 'new' ? place.previous : place.row;
    const standing = { subscription: row, planBefore: previous.planName };
    const settled = await settleStanding(tx, ctx, known.customer, standing);
    customer = settled.customer;
    mirror.push(...(await recordChange(tx, previous, row, cause, now)), ...settled.mirror);
  }
  if (mirror.length === 0) return { changed: false, row, mirror };
  await enqueue(tx, mirror);
  const profile = changedColumns(known.customer, {
    status: customer.status,
    subscriptionPlan: customer.subscriptionPlan,
  });
  const named = (who: Customer) => (profile.length > 0 ? { customer: auditView(who, profile) } : {});
  await appendAudit(tx, ctx, {
    action: 'subscription.apply',
    targetType: 'subscription',
    targetId: row.subscriptionId,
    outcome: 'ok',
    before: place.kind === 'new' ? null : { ...auditView(base, differs), ...named(known.customer) },
    after: { ...auditView(row, differs), ...named(customer), cause },
  });
  return { changed: true, row, mirror };
}

/** What lives for a customer that we do not know is for staff; what has ended for one is nobody's concern. */
async function unknownCustomer({ tx, ctx, snapshot }: Writing): Promise<ApplyResult> {
  const { stripeCustomerId, stripeSubscriptionId, stripeStatus } = snapshot;
  if (isLive(stripeStatus)) {
    const detail = `Stripe has the subscription ${stripeSubscriptionId} (${stripeStatus}) for a customer that we do not know.`;
    await flagUnknownCustomer(tx, stripeCustomerId, detail, ctx.clock());
  } else await resolveFlags(tx, [stripeCustomerId, stripeSubscriptionId], [], ctx.clock());
  return { outcome: 'unknown_customer', customerId: null, mirror: [], ended: false };
}

/** Raises what is odd about the snapshot, resolves what no longer is; answers the kinds raised. */
async function flag({ tx, ctx, snapshot }: Writing, customerId: string, place: Place): Promise<FlagKind[]> {
  const over = !isLive(snapshot.stripeStatus);
  const problems: { kind: FlagKind; detail: string }[] = over ? [] : [...snapshot.problems];
  if (place.kind === 'second') {
    const { stripeSubscriptionId: current, stripeStatus, stripeFetchedAt } = place.beside;
    const asked = stripeFetchedAt ? ` when Stripe was asked at ${stripeFetchedAt.toISOString()}` : '';
    const detail = `The customer has ${current} already (${stripeStatus}${asked}); it stays the current one.`;
    problems.push({ kind: 'second_subscription', detail });
  }
  const { stripeSubscriptionId, stripeCustomerId } = snapshot;
  for (const problem of problems)
    await raiseFlag(tx, { ...problem, stripeId: stripeSubscriptionId, customerId }, ctx.clock());
  const kinds = problems.map(problem => problem.kind);
  // The customer is known now, so a flag that it is not goes too; its id carries no other kind.
  await resolveFlags(tx, [stripeSubscriptionId, stripeCustomerId], kinds, ctx.clock());
  return kinds;
}

/**
 * Applies what Stripe says of one subscription. Repeating it changes nothing and writes no audit row. The caller
 * holds the lock of this subscription's id, so that what was seen later is written later. `observedAt` is when Stripe
 * said it; now by default. Source: docs/architecture.md, Billing.
 */
export async function applySubscription(
  tx: Tx,
  caller: Ctx,
  snapshot: Snapshot,
  cause: ChangeCause,
  observedAt?: Date,
): Promise<ApplyResult> {
  const at = observedAt ?? caller.clock();
  const known = await lockKnown(tx, snapshot.stripeCustomerId);
  if (!known) return unknownCustomer({ tx, ctx: caller, snapshot, cause, observedAt: at });
  const { customerId, tenantDatasetId } = known.customer;
  const ctx = { ...caller, customerId, tenantDatasetId };
  const writing: Writing = { tx, ctx, snapshot, cause, observedAt: at };
  if (!isKnownStatus(snapshot.stripeStatus)) {
    const { stripeStatus, stripeSubscriptionId } = snapshot;
    log().warn({ customer: customerId, stripeStatus, stripeSubscriptionId }, 'a status of Stripe that we do not know');
  }
  const place = placeOf(known.rows, snapshot);
  const answer = (outcome: ApplyOutcome, mirror: MirrorRef[] = [], ended = false) => ({
    outcome,
    customerId,
    mirror,
    ended,
  });
  const raised = await flag(writing, customerId, place);
  if (place.kind === 'second' || place.kind === 'none') return answer(raised.length > 0 ? 'flagged' : 'not_current');
  const written = await write(writing, known, place);
  if (place.kind === 'former') return answer('not_current', written.mirror);
  const ended = written.changed && statusOf(snapshot.stripeStatus, { pastDueSince: null, now: at }) === 'CANCELLED';
  return answer(raised.length > 0 ? 'flagged' : written.changed ? 'applied' : 'unchanged', written.mirror, ended);
}
