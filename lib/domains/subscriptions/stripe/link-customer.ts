/** Which customer of Stripe is ours: made in Stripe where there is none, and noted once. */
import { z } from 'zod';
import { changeProfile, lockCustomer } from '@/lib/domains/customers/profile';
import type { Customer } from '@/lib/domains/customers/tables';
import { ensureStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';

/** Notes the Stripe customer of one of ours; the first one noted stays. */
export const recordStripeCustomer = defineCommand({
  name: 'customer.record_stripe',
  permission: 'staff:write',
  input: z.strictObject({ stripe_customer_id: z.string().regex(/^cus_\w{1,200}$/) }),
  run: async ({ ctx, tx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const known = await lockCustomer(tx, customerId);
    const result = { stripe_customer_id: input.stripe_customer_id };
    if (known.stripeCustomerId) return { result, unchanged: true };
    const { mirror } = await changeProfile(tx, ctx, customerId, { stripeCustomerId: input.stripe_customer_id });
    return {
      result,
      target: { type: 'customer', id: customerId },
      before: { stripe_customer_id: null },
      after: result,
      mirror,
    };
  },
});

/** The id of the Stripe customer, made and noted where there is none. Throws Stripe's errors. */
export async function linkStripeCustomer(customer: Customer): Promise<string> {
  if (customer.stripeCustomerId) return customer.stripeCustomerId;
  const made = await ensureStripeCustomer(customer);
  await recordStripeCustomer(systemCtx('provisioning', customer), { stripe_customer_id: made });
  return made;
}
