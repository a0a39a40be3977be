/** Works through the inbox of Stripe's events. Any number of workers may: an event and its effects are one transaction. */
import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import Stripe from 'stripe';
import { isStripeAway } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { type WorkDone, workEvents } from '@/lib/domains/subscriptions/sync/event-work';
import { stripeCtx, subscriptionsWaiting, syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { awayMs } from '@/lib/domains/subscriptions/sync/process-rules';
import { eventQueue } from '@/lib/domains/subscriptions/sync/queue';
import { type StripeEvent, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { type Batch, type BatchDone, workInTransactions } from '@/lib/kernel/queue/work';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type ProcessOptions = {
  clock?: Clock;
  /** Only events about these customers in Stripe; all by default. */
  stripeCustomers?: string[];
  /** Ends the round between two events. */
  signal?: AbortSignal;
  /** Chance in the waits between attempts, 0–1. */
  random?: () => number;
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

const away = () => processWide('stripe-away', () => ({ rounds: 0, until: 0 }));

/** Our key is refused or Stripe is not there: the same would happen to every event. */
const concernsAll = (error: unknown): boolean =>
  isStripeAway(error) || error instanceof Stripe.errors.StripeAuthenticationError;

/** The fresh events of the same subscription go with it. One that has failed goes alone, so that it cannot hold others up. */
async function takeTogether({ first, alsoTake }: Batch<StripeEvent>): Promise<StripeEvent[]> {
  const { stripeSubscriptionId, eventId, attempts } = first;
  if (!stripeSubscriptionId || attempts > 0) return [first];
  const others = await alsoTake({
    where: and(
      eq(stripeEvents.stripeSubscriptionId, stripeSubscriptionId),
      eq(stripeEvents.attempts, 0),
      ne(stripeEvents.eventId, eventId),
    ),
    orderBy: [asc(stripeEvents.createdAt), asc(stripeEvents.eventId)],
    limit: togetherAtMost,
  });
  return [first, ...others];
}

function countDone(events: StripeEvent[], outcome: WorkDone['outcome'], now: Date): void {
  for (const event of events) {
    metrics().stripeEvents.inc({ type: event.type, outcome });
    metrics().stripeEventLagSeconds.observe(Math.max(0, now.getTime() - event.receivedAt.getTime()) / 1_000);
  }
}

function pauseAll(error: unknown): void {
  const state = away();
  state.rounds++;
  state.until = Date.now() + awayMs(state.rounds);
  const reason = error instanceof Error ? error.message : String(error);
  log().warn({ reason, waitMs: awayMs(state.rounds) }, 'Stripe cannot be asked; its events wait');
}

/** Where the current subscription has ended, one that was set aside beside it takes its place. */
async function promoteWaiting(customerId: string): Promise<void> {
  try {
    for (const waiting of await subscriptionsWaiting(customerId)) await syncSubscription(waiting, 'stripe');
  } catch (error) {
    log().warn({ err: error, customer: customerId }, 'a second subscription is left to the reconciliation');
  }
}

/**
 * Processes every event that is due and answers what became of them. What an event says is written in the transaction that
 * marks it as done, so a process that dies loses and repeats nothing. Throws when Postgres is away.
 */
export async function processDue(options: ProcessOptions = {}): Promise<ProcessReport> {
  if (Date.now() < away().until) return { done: 0, later: 0, dead: 0, away: true };
  const { clock = systemClock, stripeCustomers, signal, random } = options;
  // Others of this process need connections too.
  const lanes = Math.max(1, Math.min(env().STRIPE_CONCURRENCY, env().DATABASE_POOL_SIZE - 2));
  const handle = async (batch: Batch<StripeEvent>): Promise<BatchDone<StripeEvent>> => {
    const events = await takeTogether(batch);
    const { customerId, outcome, ended } = await workEvents(
      batch.tx,
      { ...stripeCtx(batch.first.eventId), clock },
      events,
    );
    return {
      set: { processedAt: clock(), customerId },
      after: async () => {
        away().rounds = 0;
        countDone(events, outcome, clock());
        if (ended && customerId) await promoteWaiting(customerId);
      },
    };
  };
  const { done, later, dead, stopped } = await workInTransactions(eventQueue, handle, {
    clock,
    signal,
    random,
    lanes,
    where: stripeCustomers ? inArray(stripeEvents.stripeCustomerId, stripeCustomers) : undefined,
    apart: { column: stripeEvents.stripeSubscriptionId, keyOf: event => event.stripeSubscriptionId },
    stops: concernsAll,
    onStopped: pauseAll,
    onSettled: ({ eventId, type }, outcome, lastError) => {
      metrics().stripeEvents.inc({ type, outcome });
      if (outcome === 'dead') log().error({ event: eventId, type, lastError }, 'an event of Stripe was given up');
    },
  });
  return { done, later, dead, away: stopped };
}
