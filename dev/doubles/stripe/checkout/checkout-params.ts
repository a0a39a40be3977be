/** Parameters of Checkout sessions: those of subscriptions in hosted pages; any other is refused by name. */
import { z } from 'zod';
import { flag, integer, metadata } from '@/dev/doubles/stripe/params';

const enabled = z.strictObject({ enabled: flag });
const missingPaymentMethod = z.enum(['cancel', 'create_invoice', 'pause']);

export const lineItem = z.strictObject({ price: z.string(), quantity: integer.optional() });

export const subscriptionData = z.strictObject({
  description: z.string().max(500).optional(),
  metadata: metadata.optional(),
  trial_end: integer.optional(),
  trial_period_days: integer.optional(),
  trial_settings: z
    .strictObject({ end_behavior: z.strictObject({ missing_payment_method: missingPaymentMethod }) })
    .optional(),
});

export const createParams = {
  mode: z.enum(['subscription', 'payment', 'setup']),
  line_items: z.array(lineItem).min(1).max(20),
  success_url: z.string(),
  cancel_url: z.string().optional(),
  ui_mode: z.literal('hosted_page', 'The local Stripe has hosted pages only').optional(),
  customer: z.string().optional(),
  customer_email: z.string().max(512).optional(),
  customer_update: z
    .strictObject({
      address: z.enum(['auto', 'never']).optional(),
      name: z.enum(['auto', 'never']).optional(),
      shipping: z.enum(['auto', 'never']).optional(),
    })
    .optional(),
  client_reference_id: z.string().max(200).optional(),
  metadata: metadata.optional(),
  subscription_data: subscriptionData.optional(),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  payment_method_types: z.array(z.literal('card', 'The local Stripe takes cards only')).optional(),
  allow_promotion_codes: flag.optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  automatic_tax: enabled.optional(),
  tax_id_collection: enabled.optional(),
  locale: z.string().optional(),
  expires_at: integer.optional(),
};
export type CreateParams = z.output<z.ZodObject<typeof createParams>>;

export const listParams = {
  customer: z.string().optional(),
  subscription: z.string().optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
};
