/** What time brings about, in its order: trials and periods end, phases change, drafts are charged, cards are tried again. */
import { atTime } from '@/dev/doubles/stripe/clock';
import { collect, finalizeAndCollect } from '@/dev/doubles/stripe/collection';
import { endPhase } from '@/dev/doubles/stripe/schedules/schedule-run';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { discardPendingUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-discard';
import {
  endTrial,
  expireIncomplete,
  incompleteSeconds,
  renew,
  trialWarningAt,
  warnOfTrialEnd,
} from '@/dev/doubles/stripe/subscriptions/subscription-renewal';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Invoice, Schedule, Subscription } from '@/dev/doubles/stripe/wire';

/** `rank` orders what is due in the same second: a phase changes before the period that bills it begins. */
type Due = { at: number; rank: number; run: () => void };

const renewing = new Set(['active', 'past_due', 'unpaid']);

function dueOfSubscription(state: StripeState, subscription: Subscription): Due[] {
  if (subscription.ended_at) return [];
  const { status, cancel_at: cancelAt, trial_end: trialEnd, pending_update: pending } = subscription;
  const all: Due[] = [];
  const add = (at: number | null | undefined, rank: number, run: () => void) => {
    if (typeof at === 'number') all.push({ at, rank, run });
  };
  add(trialWarningAt(state, subscription), 0, () => warnOfTrialEnd(state, subscription));
  add(pending?.expires_at, 0, () => discardPendingUpdate(state, subscription));
  add(cancelAt, 2, () => cancelNow(state, subscription));
  if (status === 'trialing') add(trialEnd, 3, () => endTrial(state, subscription));
  if (renewing.has(status)) add(periodOf(subscription).end, 3, () => renew(state, subscription));
  if (status === 'incomplete') {
    add(subscription.created + incompleteSeconds, 3, () => expireIncomplete(state, subscription));
  }
  return all;
}

function dueOfInvoice(state: StripeState, invoice: Invoice): Due[] {
  if (!invoice.auto_advance) return [];
  const { status, automatically_finalizes_at: finalizesAt, next_payment_attempt: retryAt } = invoice;
  if (status === 'draft' && finalizesAt !== null) {
    return [{ at: finalizesAt, rank: 4, run: () => finalizeAndCollect(state, invoice) }];
  }
  if (status === 'open' && retryAt !== null) {
    return [{ at: retryAt, rank: 5, run: () => void collect(state, invoice, { retry: true }) }];
  }
  return [];
}

function dueOfSchedule(state: StripeState, schedule: Schedule): Due[] {
  if (schedule.status !== 'active' || !schedule.current_phase) return [];
  return [{ at: schedule.current_phase.end_date, rank: 1, run: () => endPhase(state, schedule) }];
}

/** The next that is due up to a time, among the objects of a test clock or, with null, of no clock. */
function nextDue(state: StripeState, clock: string | null, until: number): Due | undefined {
  const own = (object: { test_clock: string | null }) => object.test_clock === clock;
  let next: Due | undefined;
  const consider = (due: Due) => {
    if (due.at > until) return;
    if (!next || due.at < next.at || (due.at === next.at && due.rank < next.rank)) next = due;
  };
  for (const subscription of Object.values(state.subscriptions)) {
    if (own(subscription)) dueOfSubscription(state, subscription).forEach(consider);
  }
  for (const schedule of Object.values(state.schedules)) {
    if (own(schedule)) dueOfSchedule(state, schedule).forEach(consider);
  }
  for (const invoice of Object.values(state.invoices)) {
    if (own(invoice)) dueOfInvoice(state, invoice).forEach(consider);
  }
  return next;
}

/** More than any test brings about; a step that leaves itself due would never end. */
const maxSteps = 100_000;

/** Runs all that is due up to `until`, each as if it were its own time. `reach` is told each time on the way. */
export function runDue(
  state: StripeState,
  clock: string | null,
  until: number,
  reach: (at: number) => void = () => {},
): void {
  let last = 0;
  for (let step = 0; step < maxSteps; step++) {
    const due = nextDue(state, clock, until);
    if (!due) return;
    // What was overdue already is dated after what ran before it.
    last = Math.max(last, due.at);
    reach(last);
    atTime(last, due.run);
  }
  throw new Error(`After ${maxSteps} steps something is still due at ${last}.`);
}
