/** Which customer of Stripe is ours: made in Stripe where there is none, and noted once. */
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { customersMirror } from '@/lib/domains/customers/mirror';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { ensureStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Notes the Stripe customer of one of ours; the first one noted stays. */
export const recordStripeCustomer = defineCommand({
  name: 'customer.record_stripe',
  permission: 'staff:write',
  input: z.strictObject({ stripe_customer_id: z.string().regex(/^cus_\w{1,200}$/) }),
  run: async ({ ctx, tx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const [row] = await tx
      .update(customers)
      .set({ stripeCustomerId: input.stripe_customer_id, updatedAt: ctx.clock() })
      .where(and(eq(customers.customerId, customerId), isNull(customers.stripeCustomerId)))
      .returning();
    const result = { stripe_customer_id: input.stripe_customer_id };
    if (!row) return { result, unchanged: true };
    return {
      result,
      target: { type: 'customer', id: customerId },
      before: { stripe_customer_id: null },
      after: result,
      mirror: [customersMirror.ref(row)],
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

/** The organization's own row. AppError not_found. */
export async function readBilledCustomer(customerId: string): Promise<Customer> {
  const [row] = await db().select().from(customers).where(eq(customers.customerId, customerId));
  if (!row) throw new AppError('not_found', 'There is no such organization.');
  return row;
}
