/** A customer's counterpart in Stripe: made once, told of changes, deleted with the customer. */
import Stripe from 'stripe';
import { stripe } from '@/lib/platform/stripe';

export type StripeProfile = {
  customerId: string;
  companyName: string;
  /** Of the first owner; it never changes, so that a search for it finds the customer again. */
  adminEmail: string;
  billingEmail: string | null;
  phoneNumber: string | null;
};

/** True where Stripe could not be reached or is busy, so that any other call would fail too. */
export const isStripeAway = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  (error instanceof Stripe.errors.StripeAPIError && (error.statusCode ?? 500) >= 500);

/**
 * The Stripe customer of one of ours, made where there is none. Stripe forgets idempotency keys after a day, so one made
 * by an attempt that was cut off is looked for first. Throws Stripe's errors.
 */
export async function ensureStripeCustomer({ customerId, companyName, adminEmail }: StripeProfile): Promise<string> {
  for await (const found of stripe().customers.list({ email: adminEmail, limit: 100 })) {
    if (found.metadata.customer_id === customerId) return found.id;
  }
  const made = await stripe().customers.create(
    { name: companyName, email: adminEmail, metadata: { customer_id: customerId } },
    { idempotencyKey: `customer-${customerId}` },
  );
  return made.id;
}

/** Gives Stripe the name, billing address and phone number as they are now. Throws Stripe's errors. */
export async function updateStripeCustomer(stripeCustomerId: string, profile: StripeProfile): Promise<void> {
  await stripe().customers.update(stripeCustomerId, {
    name: profile.companyName,
    email: profile.billingEmail ?? profile.adminEmail,
    phone: profile.phoneNumber ?? '',
  });
}

/** Deletes the Stripe customer, which ends its subscriptions at once; invoices stay. One that is gone is fine. */
export async function deleteStripeCustomer(stripeCustomerId: string): Promise<void> {
  try {
    await stripe().customers.del(stripeCustomerId);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return;
    throw error;
  }
}
