/** What a Stripe account is set to in its dashboard, which has no call of the API. */
import { z } from 'zod';
import type { StripeState } from '@/dev/doubles/stripe/state';

const settings = z.strictObject({ after_last_retry: z.enum(['cancel', 'unpaid', 'past_due']) });

/** Sets what becomes of a subscription when the last retry of its payment fails; answers the settings. */
export function setSettings(state: StripeState, given: unknown) {
  state.settings.afterLastRetry = settings.parse(given).after_last_retry;
  return { after_last_retry: state.settings.afterLastRetry };
}
