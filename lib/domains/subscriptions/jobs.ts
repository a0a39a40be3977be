/** Jobs that keep our side of billing as Stripe has it. */
import { forgetEvents, keptDays } from '@/lib/domains/subscriptions/sync/inbox';
import { reconcileBilling } from '@/lib/domains/subscriptions/sync/reconcile';
import { defineJob } from '@/lib/kernel/jobs';

export const reconcileJob = defineJob({
  name: 'subscription.reconcile',
  schedule: '40 2 * * *',
  description: 'Compares subscriptions and invoices with Stripe, repairs ours, and fetches events that never came.',
  run: async ctx => ({ ...(await reconcileBilling({ clock: ctx.clock })) }),
});

export const forgetEventsJob = defineJob({
  name: 'stripe_event.forget',
  schedule: '33 3 * * *',
  description: `Deletes events of Stripe that were done or ignored more than ${keptDays} days ago.`,
  run: async ctx => ({ events: await forgetEvents(ctx.clock()) }),
});
