/** Walks Stripe and our side and makes ours agree, whatever events were missed. Source: docs/architecture.md, Billing. */
import { and, asc, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import { reconcileInvoices, seeUnknownPayers } from '@/lib/domains/subscriptions/invoices/reconcile-invoices';
import { isLive } from '@/lib/domains/subscriptions/status';
import { isStripeAway } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { applyBeside, fetchSnapshot, stripeCtx, syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { openFlags, raiseFlag, resolveUnseen } from '@/lib/domains/subscriptions/sync/flags';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { type Snapshot, snapshotOf } from '@/lib/domains/subscriptions/sync/snapshot';
import { handledEvents, stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import { stripeEvents, subscriptions } from '@/lib/domains/subscriptions/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

export type ReconcileOptions = {
  clock?: Clock;
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  /** Also walks subscriptions that ended long ago. */
  all?: boolean;
};
export type ReconcileReport = {
  /** Subscriptions of Stripe and of ours that were compared. */
  checked: number;
  /** Of those, the ones that differed. */
  repaired: number;
  /** Open flags after the walk; in a dry run, the subscriptions that would be flagged. */
  flagged: number;
  /** Live ones of ours that Stripe does not have. */
  missing: number;
  /** Flags that no longer held. */
  resolved: number;
  /** Events that never reached us; they are in the inbox now. */
  missedEvents: number;
  invoices: { checked: number; repaired: number };
  /** Subscriptions that could not be compared or repaired; the log says why. */
  failed: number;
};

/** How far back events are asked for, in days: longer than any outage of a night, within Stripe's own 30. */
const eventDays = 3;
const dayMs = 86_400_000;
const pageSize = 100;

type Walk = Required<ReconcileOptions> & { report: ReconcileReport; seen: Set<string> };

const undo = Symbol('undone');

/** What the snapshot would change: it is applied, and undone. `odd`: it is for staff to look at. */
async function compare(snapshot: Snapshot, walk: Walk): Promise<{ differs: boolean; odd: boolean }> {
  let found = { differs: false, odd: false };
  const ctx = { ...stripeCtx(snapshot.stripeSubscriptionId), clock: walk.clock };
  try {
    await db().transaction(async tx => {
      const { outcome, mirror } = await applyBeside(tx, ctx, snapshot, 'reconcile');
      found = { differs: mirror.length > 0, odd: outcome === 'flagged' || outcome === 'unknown_customer' };
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return found;
}

async function repair(stripeSubscriptionId: string, walk: Walk): Promise<void> {
  const ctx = { ...stripeCtx(stripeSubscriptionId), clock: walk.clock };
  const { mirror } = await syncSubscription(stripeSubscriptionId, 'reconcile', { ctx });
  if (mirror.length > 0) walk.report.repaired++;
}

/** One subscription that cannot be read does not end the walk; Stripe being away does. */
async function attempt(stripeSubscriptionId: string, walk: Walk, work: () => Promise<void>): Promise<void> {
  walk.report.checked++;
  walk.seen.add(stripeSubscriptionId);
  try {
    await work();
  } catch (error) {
    if (isStripeAway(error)) throw error;
    walk.report.failed++;
    log().warn({ err: error, subscription: stripeSubscriptionId }, 'a subscription could not be reconciled');
  }
}

/** Compares one and repairs it; a flagged one is looked at again, so that its flag says when it was seen last. */
async function settle(snapshot: Snapshot, walk: Walk, flagged: Set<string>): Promise<void> {
  const { differs, odd } = await compare(snapshot, walk);
  if (walk.dryRun) {
    if (differs) walk.report.repaired++;
    if (odd) walk.report.flagged++;
  } else if (differs || odd || flagged.has(snapshot.stripeSubscriptionId))
    await repair(snapshot.stripeSubscriptionId, walk);
}

async function walkStripe(walk: Walk, flagged: Set<string>): Promise<void> {
  const ended = walk.all ? { status: 'all' as const } : {};
  for await (const listed of stripe().subscriptions.list({ limit: 100, ...ended, expand: ['data.customer'] })) {
    await attempt(listed.id, walk, async () => {
      // A list cannot show the prices of planned changes: Stripe expands four levels and no more.
      const snapshot = listed.schedule ? await fetchSnapshot(listed.id) : snapshotOf(listed);
      if (snapshot) await settle(snapshot, walk, flagged);
    });
  }
}

type Ours = { id: string; status: string | null; customerId: string };

/** One of ours that Stripe did not list: it has ended since, or is not there at all. */
async function settleUnlisted({ id, status, customerId }: Ours, walk: Walk, flagged: Set<string>): Promise<void> {
  const snapshot = await fetchSnapshot(id);
  if (snapshot) return settle(snapshot, walk, flagged);
  walk.report.missing++;
  if (walk.dryRun) return;
  const detail = `Stripe has no subscription ${id}; ours is ${status}.`;
  const flag = { kind: 'missing_subscription' as const, stripeId: id, customerId, detail };
  await db().transaction(tx => raiseFlag(tx, flag, walk.clock()));
}

async function walkOurs(walk: Walk, flagged: Set<string>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db()
      .select({
        id: sql<string>`${subscriptions.stripeSubscriptionId}`,
        status: subscriptions.stripeStatus,
        customerId: subscriptions.customerId,
      })
      .from(subscriptions)
      .where(and(isNotNull(subscriptions.stripeSubscriptionId), gt(subscriptions.stripeSubscriptionId, after)))
      .orderBy(asc(subscriptions.stripeSubscriptionId))
      .limit(pageSize);
    for (const row of rows.filter(({ id, status }) => isLive(status) && !walk.seen.has(id)))
      await attempt(row.id, walk, () => settleUnlisted(row, walk, flagged));
    after = rows.at(-1)?.id ?? '';
    if (rows.length < pageSize) return;
  }
}

/** Puts the events of the last days that never came into the inbox, from where they take their usual way. */
async function fetchMissedEvents(walk: Walk): Promise<void> {
  const since = Math.floor(walk.clock().getTime() / 1_000) - (eventDays * dayMs) / 1_000;
  const listed = stripe().events.list({ types: [...handledEvents], created: { gte: since }, limit: pageSize });
  let page: ReturnType<typeof stripeEventSchema.parse>[] = [];
  const keep = async () => {
    if (walk.dryRun) {
      const ids = page.map(event => event.id);
      const known = ids.length > 0 ? await db().$count(stripeEvents, inArray(stripeEvents.eventId, ids)) : 0;
      walk.report.missedEvents += page.length - known;
    } else walk.report.missedEvents += (await storeEvents(page)).length;
    page = [];
  };
  for await (const event of listed) {
    const parsed = stripeEventSchema.safeParse(event);
    if (parsed.success) page.push(parsed.data);
    if (page.length === pageSize) await keep();
  }
  await keep();
}

/**
 * Compares every subscription of Stripe that has not ended, and every one of ours that should not have, and repairs ours
 * through syncSubscription; then invoices, missed events and flags that no longer hold. Throws when Stripe is away: what
 * was repaired stays so.
 */
export async function reconcileBilling(options: ReconcileOptions = {}): Promise<ReconcileReport> {
  const report: ReconcileReport = {
    checked: 0,
    repaired: 0,
    flagged: 0,
    missing: 0,
    resolved: 0,
    missedEvents: 0,
    invoices: { checked: 0, repaired: 0 },
    failed: 0,
  };
  const { clock = systemClock, dryRun = false, all = false } = options;
  const walk: Walk = { clock, dryRun, all, report, seen: new Set() };
  const startedAt = clock();
  const flagged = new Set((await openFlags(db())).map(flag => flag.stripeId));
  await walkStripe(walk, flagged);
  await walkOurs(walk, flagged);
  report.invoices = await reconcileInvoices({ clock, dryRun });
  if (!dryRun) await seeUnknownPayers(clock);
  await fetchMissedEvents(walk);
  // The walk has raised anew whatever still holds.
  if (!dryRun && report.failed === 0) report.resolved = await resolveUnseen(startedAt, clock());
  if (!dryRun) report.flagged = (await openFlags(db())).length;
  return report;
}
