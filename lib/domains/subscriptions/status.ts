/** What a status of Stripe means here. Pure. Source: docs/architecture.md, Billing and Status. */
import { graceDays, type SubscriptionStatus } from '@/lib/domains/subscriptions/rules';

/** `keep`: the status before stays, and no row is made of such a subscription. */
type Meaning = SubscriptionStatus | 'in_grace' | 'keep';

const meanings: Record<string, Meaning> = {
  trialing: 'TRIAL',
  active: 'ACTIVE',
  past_due: 'in_grace',
  /** Stripe has given up charging and leaves the subscription open. */
  unpaid: 'EXPIRED',
  /** Its trial ended without a card. */
  paused: 'EXPIRED',
  canceled: 'CANCELLED',
  /** The first payment is not through: nothing was bought yet. */
  incomplete: 'keep',
  /** It never was: the first payment was not made within a day. */
  incomplete_expired: 'keep',
};

const dayMs = 86_400_000;

/** When runs stop for a customer who owes since then. */
export const graceEnd = (pastDueSince: Date): Date => new Date(pastDueSince.getTime() + graceDays * dayMs);

/** Statuses of Stripe we know; others are kept as they come and shown to staff. */
export const isKnownStatus = (stripeStatus: string): boolean => Object.hasOwn(meanings, stripeStatus);

/** Statuses in which Stripe will charge again. */
export const liveStatuses = ['trialing', 'active', 'past_due', 'unpaid', 'paused'] as const;

/** True where the customer has a subscription in Stripe and needs no second one. */
export const isLive = (stripeStatus: string | null): boolean =>
  (liveStatuses as readonly (string | null)[]).includes(stripeStatus);

/** Our status of a subscription; null where the one before stays, as for statuses that Stripe may add. */
export function statusOf(
  stripeStatus: string,
  facts: { pastDueSince: Date | null; now: Date },
): SubscriptionStatus | null {
  const meaning = isKnownStatus(stripeStatus) ? meanings[stripeStatus] : 'keep';
  if (meaning === undefined || meaning === 'keep') return null;
  if (meaning !== 'in_grace') return meaning;
  return graceEnd(facts.pastDueSince ?? facts.now) > facts.now ? 'PAST_DUE' : 'EXPIRED';
}
