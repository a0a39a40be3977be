/** What is kept of an erased customer's id in Stripe: enough to know it again, not enough to find it. */
import { createHash } from 'node:crypto';

/** SHA-256 of a Stripe customer's id; late events of Stripe about it are then known to be of an erased one. */
export const erasedStripeId = (stripeCustomerId: string): string =>
  `sha256:${createHash('sha256').update(stripeCustomerId).digest('hex')}`;
