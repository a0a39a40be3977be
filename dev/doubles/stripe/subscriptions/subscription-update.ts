/** Changing a subscription: the change and its payment, together or not at all, as `payment_behavior` says. */
import { changing } from '@/dev/doubles/stripe/changes';
import { cardOf, finalizeAndCollect, noCard } from '@/dev/doubles/stripe/collection';
import { declined, needsAction, StripeError } from '@/dev/doubles/stripe/errors';
import { draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { finalizeInvoice, keepInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { mergeMetadata } from '@/dev/doubles/stripe/params';
import { outcomeOf } from '@/dev/doubles/stripe/payments/payment-intents';
import { ownCard } from '@/dev/doubles/stripe/payments/payment-methods';
import { followItems } from '@/dev/doubles/stripe/schedules/schedule-phases';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { setCancel } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { discardPendingUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-discard';
import type { Common, Update } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { checkCanWait, holdUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-pending';
import { type Plan, planUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-plan';
import type { Invoice, Subscription } from '@/dev/doubles/stripe/wire';

/** Fields that cost nothing to change. */
export function assignPlain(state: StripeState, subscription: Subscription, given: Common): void {
  subscription.metadata = mergeMetadata(subscription.metadata, given.metadata);
  if (given.description !== undefined) subscription.description = given.description;
  if (given.collection_method) subscription.collection_method = given.collection_method;
  if (given.days_until_due !== undefined) subscription.days_until_due = given.days_until_due;
  if (given.default_payment_method !== undefined) {
    const card = given.default_payment_method;
    const owned = card && ownCard(state, subscription.customer, card, 'default_payment_method');
    subscription.default_payment_method = owned || null;
  }
  const behavior = given.trial_settings?.end_behavior.missing_payment_method;
  if (behavior && subscription.trial_settings)
    subscription.trial_settings.end_behavior.missing_payment_method = behavior;
  const save = given.payment_settings?.save_default_payment_method;
  if (save && subscription.payment_settings) subscription.payment_settings.save_default_payment_method = save;
}

/** A cancelled subscription takes only notes; one under a schedule leaves its trial to it. */
function checkChangeable(subscription: Subscription, given: Update): void {
  const { metadata: _, cancellation_details: __, ...rest } = given;
  if (subscription.ended_at && Object.keys(rest).length > 0) {
    throw new StripeError(400, 'A canceled subscription can only update its cancellation_details and metadata.');
  }
  if (subscription.schedule && given.trial_end !== undefined) {
    throw new StripeError(
      400,
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any trial behavior directly is not allowed. Please update the schedule instead.`,
    );
  }
  if (subscription.status === 'incomplete' && (given.items || given.trial_end !== undefined)) {
    throw new StripeError(400, 'This subscription cannot be changed until its first invoice is paid.');
  }
}

/** Whether the change's invoice would be paid now; throws 402 where it must be and would not. */
function probe(
  state: StripeState,
  draft: Subscription,
  due: number,
  behavior: Update['payment_behavior'],
): 'paid' | 'refused' {
  if (due === 0 || draft.collection_method === 'send_invoice') return 'paid';
  const card = cardOf(state, draft);
  const outcome = outcomeOf(state, card);
  if (outcome === 'paid') return 'paid';
  if (behavior === 'default_incomplete') return 'refused';
  if (outcome === 'no_card') throw noCard();
  if (behavior !== 'error_if_incomplete') return 'refused';
  if (outcome === 'action') throw needsAction('subscription');
  throw declined(state.cardBehaviours[card ?? ''] ?? 'declined');
}

function billNow(state: StripeState, subscription: Subscription, invoice: Invoice, given: Update): void {
  keepInvoice(state, invoice);
  if (given.payment_behavior !== 'default_incomplete') {
    finalizeAndCollect(state, invoice);
    return;
  }
  finalizeInvoice(state, invoice);
  if (invoice.status !== 'open') return;
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.status = 'past_due';
  });
}

/** Makes the change that was planned; its invoice is the subscription's latest from then on. */
function apply(state: StripeState, subscription: Subscription, plan: Plan, given: Update): void {
  const billed = plan.billedNow && plan.lines.length > 0;
  const lines = [...(state.pendingLines[subscription.id] ?? []), ...plan.lines];
  const invoice = billed ? draftInvoice(state, plan.draft, { reason: 'subscription_update', lines }) : undefined;
  const refused = probe(state, plan.draft, invoice?.amount_due ?? 0, given.payment_behavior) === 'refused';
  const held = refused && given.payment_behavior === 'pending_if_incomplete';
  // A change that is billed takes the place of one that waits to be paid.
  if (billed) discardPendingUpdate(state, subscription);
  if (billed) delete state.pendingLines[subscription.id];
  else if (plan.lines.length > 0) state.pendingLines[subscription.id] = lines;
  changing(state, 'customer.subscription.updated', subscription, () => {
    if (held) holdUpdate(state, subscription, plan.draft, given);
    else Object.assign(subscription, plan.draft, { pending_update: subscription.pending_update });
    if (invoice) subscription.latest_invoice = invoice.id;
  });
  if (invoice) billNow(state, subscription, invoice, given);
}

/**
 * Updates a subscription.
 * Throws 400 for what cannot be, and 402 with nothing changed where payment must succeed and does not.
 */
export function updateSubscription(state: StripeState, subscription: Subscription, given: Update): Subscription {
  checkChangeable(subscription, given);
  checkCanWait(subscription, given);
  const plan = planUpdate(state, subscription, given);
  assignPlain(state, plan.draft, given);
  setCancel(state, plan.draft, given);
  apply(state, subscription, plan, given);
  if (given.items && subscription.schedule && !subscription.pending_update) followItems(state, subscription);
  return subscription;
}

/** Gives a subscription other items as its schedule says. Nobody is there to be refused: what is not paid makes it past due. */
export function changeItems(
  state: StripeState,
  subscription: Subscription,
  given: Pick<Update, 'items' | 'proration_behavior'>,
): void {
  const payment_behavior = cardOf(state, subscription) ? 'allow_incomplete' : 'default_incomplete';
  apply(state, subscription, planUpdate(state, subscription, given), { payment_behavior });
}
