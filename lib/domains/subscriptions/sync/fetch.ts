/** Asks Stripe for one subscription and applies what it says, one after another for each subscription. */

import { sql } from 'drizzle-orm';
import { changeUnderWay, withStripeSlot } from '@/lib/domains/subscriptions/stripe/stripe-concurrency';
import {
  type ChosenCard,
  fetchSubscription,
  followChosenCard,
} from '@/lib/domains/subscriptions/stripe/stripe-subscription';
import { type ApplyOutcome, type ApplyResult, applySubscription } from '@/lib/domains/subscriptions/sync/apply';
import { openFlags } from '@/lib/domains/subscriptions/sync/flags';
import { besideOf } from '@/lib/domains/subscriptions/sync/matching-row';
import { type Snapshot, snapshotOf } from '@/lib/domains/subscriptions/sync/snapshot';
import { type ChangeCause, subscriptions } from '@/lib/domains/subscriptions/tables';
import { type Ctx, type CustomerCtx, systemCtx } from '@/lib/kernel/ctx';
import { takeLock } from '@/lib/kernel/locks';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { db, type Tx } from '@/lib/platform/db';
import { isLockTimeout } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export type SyncOutcome =
  | ApplyOutcome
  /** Stripe does not have it (any more): nothing was changed. */
  | 'gone';
export type SyncResult = {
  outcome: SyncOutcome;
  customerId: string | null;
  /** Rows that changed; they are in the outbox already. */
  mirror: MirrorRef[];
};

/** A verified event's own subscription, for the case that Stripe no longer has it. */
export type EventObject = { object: unknown; createdAt: Date };
/** What verified events tell beside that something has changed. */
export type Told = { subscription?: EventObject; card?: ChosenCard };
type Locked = SyncResult & { ended: boolean };

/** The context of what Stripe causes: its actor is the event or subscription. */
export const stripeCtx = (id: string): Ctx => ({ ...systemCtx('stripe'), actor: { type: 'stripe', id } });

/** Lets transactions about one thing of Stripe follow one another until they end; waits at most lock_timeout (10 s). */
export async function lockStripeId(tx: Tx, stripeId: string): Promise<void> {
  await takeLock(tx, 'stripeSubscription', stripeId);
}

/** What Stripe has of a subscription now, its planned change included; null where Stripe has none of this id. Throws Stripe's errors. */
export async function fetchSnapshot(stripeSubscriptionId: string): Promise<Snapshot | null> {
  const found = await fetchSubscription(stripeSubscriptionId);
  return found && snapshotOf(found);
}

/** True when the event tells of something later than what was last seen; in the same second an end wins. */
async function isNews(tx: Tx, snapshot: Snapshot, createdAt: Date): Promise<boolean> {
  const [row] = await tx
    .select({ seenAt: subscriptions.stripeFetchedAt, stripeStatus: subscriptions.stripeStatus })
    .from(subscriptions)
    .where(sql`${subscriptions.stripeSubscriptionId} = ${snapshot.stripeSubscriptionId}`);
  if (!row?.seenAt) return true;
  const [seen, told] = [row.seenAt, createdAt].map(at => Math.floor(at.getTime() / 1_000)) as [number, number];
  return told > seen || (told === seen && snapshot.stripeStatus === 'canceled' && row.stripeStatus !== 'canceled');
}

/**
 * Applies a snapshot. Where another subscription seems to be the current one beside it, Stripe is asked for that one first:
 * the news of its end may be late. Its lock comes second without a cycle, since only one that has no row yet asks for
 * another's, which has. Throws Stripe's errors.
 */
export async function applyBeside(
  tx: Tx,
  ctx: Ctx,
  snapshot: Snapshot,
  cause: ChangeCause,
  observedAt?: Date,
): Promise<ApplyResult> {
  const mirror: MirrorRef[] = [];
  const beside = await besideOf(tx, snapshot);
  if (beside) {
    await lockStripeId(tx, beside);
    const current = await fetchSnapshot(beside);
    if (current) mirror.push(...(await applySubscription(tx, ctx, current, cause)).mirror);
  }
  const result = await applySubscription(tx, ctx, snapshot, cause, observedAt);
  return { ...result, mirror: [...mirror, ...result.mirror] };
}

/** What syncSubscription does, in the caller's transaction; the subscription `told` stands in for what Stripe no longer has. */
export async function syncLocked(
  tx: Tx,
  ctx: Ctx,
  stripeSubscriptionId: string,
  cause: ChangeCause,
  told: Told = {},
): Promise<Locked> {
  await lockStripeId(tx, stripeSubscriptionId);
  const fetched = await fetchSubscription(stripeSubscriptionId);
  if (fetched) return applyBeside(tx, ctx, snapshotOf(await followChosenCard(tx, fetched, told.card)), cause);
  const event = told.subscription;
  const last = event ? snapshotOf(event.object) : null;
  if (last && event && (await isNews(tx, last, event.createdAt)))
    return applyBeside(tx, ctx, last, cause, event.createdAt);
  return { outcome: 'gone', customerId: null, mirror: [], ended: false };
}

/** Subscriptions that were set aside beside the one that has just ended: the first live one takes its place. */
export async function subscriptionsWaiting(customerId: string): Promise<string[]> {
  const flags = await openFlags(db(), customerId);
  return flags.filter(flag => flag.kind === 'second_subscription').map(flag => flag.stripeId);
}

/**
 * Brings our side to what Stripe says of a subscription now, in ONE transaction that holds the lock of its id while Stripe
 * is asked: what was seen later is written later, whoever asks. With `tx` it joins the caller's, who must not hold the
 * customer's row yet. Throws Stripe's errors and those of Postgres; nothing is changed then. Source: docs/architecture.md, Billing.
 */
export async function syncSubscription(
  stripeSubscriptionId: string,
  cause: ChangeCause,
  options: { ctx?: Ctx; tx?: Tx } = {},
): Promise<SyncResult> {
  const ctx = options.ctx ?? { ...stripeCtx(stripeSubscriptionId), requestId: newUuid() };
  const work = (tx: Tx) => syncLocked(tx, ctx, stripeSubscriptionId, cause);
  if (options.tx) return withoutEnd(await work(options.tx));
  const { ended, ...result } = await db().transaction(work);
  if (ended && result.customerId) {
    for (const waiting of await subscriptionsWaiting(result.customerId))
      await syncSubscription(waiting, cause, { ctx });
  }
  return result;
}

/**
 * syncSubscription for a person who waits: with a bound, so that few connections wait for Stripe. AppError conflict or
 * payment_service_unavailable where too many wait or the subscription is being synced; what is stored stays then.
 */
export async function syncInTurn(ctx: CustomerCtx, stripeSubscriptionId: string): Promise<SyncResult> {
  return withStripeSlot(ctx.customerId, async () => {
    try {
      return await syncSubscription(stripeSubscriptionId, 'stripe', { ctx });
    } catch (error) {
      throw isLockTimeout(error) ? changeUnderWay(error) : error;
    }
  });
}

const withoutEnd = ({ ended: _, ...result }: Locked): SyncResult => result;
