/** Resuming a subscription that its trial's end paused: a new period, active at once or, if so asked, when it is paid. */
import { z } from 'zod';
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { finalizeAndCollect } from '@/dev/doubles/stripe/collection';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { periodLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import { draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { keepInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { integer } from '@/dev/doubles/stripe/params';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { anchorParam, prorationBehavior } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { startPeriod } from '@/dev/doubles/stripe/subscriptions/subscription-plan';
import { moveOn } from '@/dev/doubles/stripe/subscriptions/subscription-renewal';
import type { Subscription } from '@/dev/doubles/stripe/wire';

export const resumeParams = {
  billing_cycle_anchor: anchorParam.optional(),
  payment_behavior: z.enum(['resume_on_payment_attempt', 'resume_on_payment_success']).optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: integer.optional(),
};
type Resume = z.output<z.ZodObject<typeof resumeParams>>;

/** Resumes a paused subscription. Throws 400 for any other. */
export function resumeSubscription(state: StripeState, subscription: Subscription, given: Resume): Subscription {
  if (subscription.status !== 'paused') {
    throw new StripeError(400, `This subscription is not paused, its status is ${subscription.status}.`);
  }
  const at = now(state, subscription.customer);
  const next = structuredClone(subscription);
  if (given.billing_cycle_anchor?.type === 'unchanged')
    while (next.items.data.some(item => item.current_period_end <= at)) moveOn(next, at);
  else startPeriod(next, at);
  const lines = next.items.data.map(item => periodLine(state, next, item));
  const invoice = draftInvoice(state, next, { reason: 'subscription_update', lines });
  const waits = given.payment_behavior === 'resume_on_payment_success';
  changing(state, 'customer.subscription.updated', subscription, () => {
    Object.assign(subscription, next, { latest_invoice: invoice.id }, waits ? {} : { status: 'active' });
  });
  if (!waits) tell(state, 'customer.subscription.resumed', subscription);
  finalizeAndCollect(state, keepInvoice(state, invoice));
  return subscription;
}
