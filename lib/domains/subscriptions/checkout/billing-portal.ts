/**
 * Stripe's Billing Portal: cards, cancelling, renewing and paying open invoices are done there.
 * Source: docs/architecture.md, Billing.
 */

import { readCustomer } from '@/lib/domains/customers/profile';
import { portalInput } from '@/lib/domains/subscriptions/input';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { portalConfigurationId } from '@/lib/domains/subscriptions/stripe/catalog';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { asking, briefly, changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { stripe } from '@/lib/platform/stripe';

/** Opens the portal: answers an address that is good for a while. AppError payment_service_unavailable. */
export const openPortal = defineCommand({
  name: 'subscription.open_portal',
  permission: 'billing:write',
  input: portalInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const customer = await readCustomer(customerId);
    const row = await currentSubscription(db(), customerId);
    const stripeCustomerId = await changing(() => linkStripeCustomer(customer));
    const billing = `${env().PORTAL_URL.replace(/\/$/, '')}/billing`;
    const returnUrl = `${billing}?returned=1`;
    const flow =
      input.flow === 'payment_method'
        ? {
            flow_data: {
              type: 'payment_method_update' as const,
              after_completion: { type: 'redirect' as const, redirect: { return_url: `${billing}?returned=card` } },
            },
          }
        : {};
    const configuration = await asking(() => portalConfigurationId(briefly));
    const session = await changing(() =>
      stripe().billingPortal.sessions.create(
        { customer: stripeCustomerId, return_url: returnUrl, configuration, ...flow },
        briefly,
      ),
    );
    return { url: session.url, subscriptionId: row.subscriptionId };
  },
  run: async ({ input, prepared }): Promise<Change<{ url: string }>> => ({
    result: { url: prepared.url },
    target: { type: 'subscription', id: prepared.subscriptionId },
    before: null,
    after: { page: input.flow ?? 'home' },
    mirror: [],
  }),
});
