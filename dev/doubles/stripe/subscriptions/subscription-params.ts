/** Parameters of subscription calls. */
import { z } from 'zod';
import { daySeconds } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { emptyable, flag, integer, metadata, metadataChange } from '@/dev/doubles/stripe/params';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Price } from '@/dev/doubles/stripe/wire';

export const statuses = [
  'active',
  'past_due',
  'unpaid',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'trialing',
  'paused',
] as const;

export const prorationBehavior = z.enum(['create_prorations', 'always_invoice', 'none']);
const paymentBehavior = z.enum([
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
]);
const text = emptyable(z.string()).optional();

/** What creating and updating have in common. */
const common = {
  cancel_at: emptyable(z.union([integer, z.enum(['min_period_end', 'max_period_end', 'max_billed_until'])])).optional(),
  cancel_at_period_end: flag.optional(),
  cancellation_details: z
    .strictObject({
      comment: text,
      feedback: emptyable(
        z.enum([
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ]),
      ).optional(),
    })
    .optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: integer.optional(),
  default_payment_method: emptyable(z.string()).optional(),
  description: text,
  metadata: metadataChange,
  off_session: flag.optional(),
  payment_behavior: paymentBehavior.optional(),
  payment_settings: z
    .strictObject({
      save_default_payment_method: z.enum(['off', 'on_subscription']).optional(),
      payment_method_types: z.array(z.string()).optional(),
    })
    .optional(),
  proration_behavior: prorationBehavior.optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: z.enum(['cancel', 'create_invoice', 'pause']) }),
    })
    .optional(),
};

/** How an update or a resume moves the day that anchors periods. */
export const anchorParam = z.strictObject({ type: z.enum(['now', 'unchanged']) });
const billingMode = z.strictObject({ type: z.enum(['classic', 'flexible']) });
const quantity = integer.optional();
export const createParams = {
  ...common,
  customer: z.string(),
  items: z
    .array(z.strictObject({ price: z.string(), quantity, metadata: metadata.optional() }))
    .min(1)
    .max(20),
  billing_cycle_anchor: integer.optional(),
  billing_mode: billingMode.optional(),
  currency: z.string().length(3).optional(),
  trial_period_days: integer.optional(),
};
export type Create = z.output<z.ZodObject<typeof createParams>>;

export const itemChange = z.strictObject({
  id: z.string().optional(),
  price: z.string().optional(),
  quantity,
  deleted: flag.optional(),
  clear_usage: flag.optional(),
  metadata: metadata.optional(),
});
export type ItemChange = z.output<typeof itemChange>;

export const updateParams = {
  ...common,
  items: z.array(itemChange).max(20).optional(),
  billing_cycle_anchor: anchorParam.optional(),
  proration_date: integer.optional(),
};
/** What creating and updating a subscription both take. */
export type Common = z.output<z.ZodObject<typeof common>>;
export type Update = z.output<z.ZodObject<typeof updateParams>>;

/** The price of an item. Throws 400 for one that is not there, is not recurring or is no longer sold. */
export function recurringPrice(state: StripeState, id: string, param: string): Price {
  const price = state.prices[id];
  if (!price) throw missing('price', id, param);
  if (price.recurring && price.active) return price;
  const problem = price.active
    ? 'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.'
    : 'The price specified is inactive. This field only accepts active prices.';
  throw new StripeError(400, problem, { param });
}

/** End of the trial that a new subscription asks for, in seconds; null without one. */
export function trialEndOf(given: Pick<Create, 'trial_end' | 'trial_period_days'>, at: number): number | null {
  const { trial_end: end, trial_period_days: days } = given;
  if (end !== undefined && days !== undefined) {
    throw new StripeError(400, 'You may only specify one of these parameters: trial_end, trial_period_days.');
  }
  if (days !== undefined) return days > 0 ? at + days * daySeconds : null;
  if (end === undefined || end === 'now') return null;
  if (end <= at)
    throw new StripeError(400, 'Invalid timestamp: must be an integer Unix timestamp in the future.', {
      param: 'trial_end',
    });
  return end;
}
