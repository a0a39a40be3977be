/** Works through the inbox of Stripe's events. Any number of workers may: an event and its effects are one transaction. */
import { and, asc, eq, inArray, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import Stripe from 'stripe';
import { isStripeAway } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { type WorkDone, workEvents } from '@/lib/domains/subscriptions/sync/event-work';
import { stripeCtx, subscriptionsWaiting, syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { awayMs, nextAttempt } from '@/lib/domains/subscriptions/sync/process-rules';
import { type StripeEvent, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { isDatabaseDown } from '@/lib/platform/errors';
import { log, messageForStaff } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type ProcessOptions = {
  clock?: Clock;
  /** Only events about these customers in Stripe; all by default. */
  stripeCustomers?: string[];
  /** Ends the round between two events. */
  signal?: AbortSignal;
};
export type ProcessReport = {
  /** Events that are done, and those that wait for another attempt or were given up. */
  done: number;
  later: number;
  dead: number;
  /** True when Stripe could not be asked: all wait, and no attempt is counted. */
  away: boolean;
};

/** Events of one subscription that are taken together. */
const togetherAtMost = 200;

type Round = ProcessOptions & { clock: Clock; report: ProcessReport; busy: Set<string> };
const away = () => processWide('stripe-away', () => ({ rounds: 0, until: 0 }));

/** Our key is refused or Stripe is not there: the same would happen to every event. */
const concernsAll = (error: unknown): boolean =>
  isStripeAway(error) || error instanceof Stripe.errors.StripeAuthenticationError;

/** Takes the event that has been due longest, unless another lane has its subscription. */
async function claimFirst(tx: Tx, round: Round): Promise<StripeEvent | undefined> {
  const busy = [...round.busy];
  const [first] = await tx
    .select()
    .from(stripeEvents)
    .where(
      and(
        eq(stripeEvents.status, 'waiting'),
        lte(stripeEvents.nextAttemptAt, round.clock()),
        round.stripeCustomers ? inArray(stripeEvents.stripeCustomerId, round.stripeCustomers) : undefined,
        busy.length > 0
          ? or(sql`${stripeEvents.stripeSubscriptionId} IS NULL`, notInArray(stripeEvents.stripeSubscriptionId, busy))
          : undefined,
      ),
    )
    .orderBy(asc(stripeEvents.nextAttemptAt), asc(stripeEvents.eventId))
    .limit(1)
    .for('update', { skipLocked: true });
  return first;
}

/** The fresh events of the same subscription go with it. One that has failed goes alone, so that it cannot hold others up. */
async function claimTogether(tx: Tx, first: StripeEvent): Promise<StripeEvent[]> {
  if (!first.stripeSubscriptionId || first.attempts > 0) return [first];
  const others = await tx
    .select()
    .from(stripeEvents)
    .where(
      and(
        eq(stripeEvents.status, 'waiting'),
        eq(stripeEvents.stripeSubscriptionId, first.stripeSubscriptionId),
        eq(stripeEvents.attempts, 0),
        ne(stripeEvents.eventId, first.eventId),
      ),
    )
    .orderBy(asc(stripeEvents.createdAt), asc(stripeEvents.eventId))
    .limit(togetherAtMost)
    .for('update', { skipLocked: true });
  return [first, ...others];
}

const idsOf = (events: StripeEvent[]) =>
  inArray(
    stripeEvents.eventId,
    events.map(event => event.eventId),
  );

function countDone(events: StripeEvent[], outcome: WorkDone['outcome'], now: Date): void {
  for (const event of events) {
    metrics().stripeEvents.inc({ type: event.type, outcome });
    metrics().stripeEventLagSeconds.observe(Math.max(0, now.getTime() - event.receivedAt.getTime()) / 1_000);
  }
}

/** Counts a failed attempt of each event; the last one gives it up, for staff to look at. */
async function settleFailure(round: Round, events: StripeEvent[], error: unknown): Promise<void> {
  const lastError = messageForStaff(error).slice(0, 500);
  for (const { eventId, attempts, type } of events) {
    const next = nextAttempt(attempts + 1, round.clock());
    // Another lane may have had it since the rollback: what that one found stands.
    const settled = await db()
      .update(stripeEvents)
      .set({ attempts: attempts + 1, lastError, ...(next ? { nextAttemptAt: next } : { status: 'dead' as const }) })
      .where(
        and(eq(stripeEvents.eventId, eventId), eq(stripeEvents.attempts, attempts), eq(stripeEvents.status, 'waiting')),
      );
    if (!settled.rowCount) continue;
    round.report[next ? 'later' : 'dead']++;
    metrics().stripeEvents.inc({ type, outcome: next ? 'later' : 'dead' });
    if (!next) log().error({ event: eventId, type, lastError }, 'an event of Stripe was given up');
  }
  log().warn({ err: error, events: events.map(event => event.eventId) }, 'events of Stripe could not be processed');
}

function pauseAll(round: Round, error: unknown): void {
  const state = away();
  state.rounds++;
  state.until = Date.now() + awayMs(state.rounds);
  round.report.away = true;
  const reason = error instanceof Error ? error.message : String(error);
  log().warn({ reason, waitMs: awayMs(state.rounds) }, 'Stripe cannot be asked; its events wait');
}

/** Where the subscription in force has ended, one that was set aside beside it takes its place. */
async function promoteWaiting(customerId: string): Promise<void> {
  try {
    for (const waiting of await subscriptionsWaiting(customerId)) await syncSubscription(waiting, 'stripe');
  } catch (error) {
    log().warn({ err: error, customer: customerId }, 'a second subscription is left to the reconciliation');
  }
}

/** Processes one subscription's events, or one event; false when none is due. */
async function processNext(round: Round): Promise<boolean> {
  let taken: StripeEvent[] = [];
  let key: string | null = null;
  try {
    const done = await db().transaction(async tx => {
      const first = await claimFirst(tx, round);
      if (!first) return null;
      taken = [first];
      key = first.stripeSubscriptionId;
      if (key) round.busy.add(key);
      taken = await claimTogether(tx, first);
      const ctx = { ...stripeCtx(first.eventId), clock: round.clock };
      const work = await workEvents(tx, ctx, taken);
      const marks = { status: 'done' as const, processedAt: round.clock(), lastError: null };
      await tx
        .update(stripeEvents)
        .set({ ...marks, customerId: work.customerId })
        .where(idsOf(taken));
      return work;
    });
    if (!done) return false;
    away().rounds = 0;
    round.report.done += taken.length;
    countDone(taken, done.outcome, round.clock());
    if (done.ended && done.customerId) await promoteWaiting(done.customerId);
  } catch (error) {
    if (taken.length === 0 || isDatabaseDown(error)) throw error;
    if (concernsAll(error)) pauseAll(round, error);
    else await settleFailure(round, taken, error);
  } finally {
    if (key) round.busy.delete(key);
  }
  return true;
}

/**
 * Processes every event that is due and answers what became of them. What an event says is written in the transaction that
 * marks it as done, so a process that dies loses and repeats nothing. Throws when Postgres is away.
 */
export async function processDue(options: ProcessOptions = {}): Promise<ProcessReport> {
  const report: ProcessReport = { done: 0, later: 0, dead: 0, away: Date.now() < away().until };
  const round: Round = { ...options, clock: options.clock ?? systemClock, report, busy: new Set() };
  const lane = async () => {
    while (!report.away && !options.signal?.aborted && (await processNext(round)));
  };
  // Others of this process need connections too.
  const width = Math.max(1, Math.min(env().STRIPE_CONCURRENCY, env().DATABASE_POOL_SIZE - 2));
  await Promise.all(Array.from({ length: width }, lane));
  return report;
}
