/** What callers may send about the plan; forms and JSON alike. */
import { z } from 'zod';
import { directions, planNames } from '@/lib/domains/subscriptions/rules';

const plan = z.enum(planNames, { error: `Choose one of ${planNames.join(', ')}.` });

/** Names one submission of a form, so that a double click makes one change. */
const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

export const checkoutInput = z.strictObject({ plan });

/** Where in the portal the visitor lands; without it, at its first page. */
export const portalInput = z.strictObject({ flow: z.literal('payment_method').optional() });

export const previewInput = z.strictObject({ plan });

/** 1 January 2100 in seconds: beyond it is no instant of a preview. */
const latestSecond = 4_102_444_800;

/**
 * What the preview answered, sent back. A change that costs something is made only with its `amount_cents`; whatever is
 * given must hold now, else it is a 409 with what holds now. Without `proration_date` the amount is that of this second.
 */
export const changePlanInput = z.strictObject({
  plan,
  /** Which way the change went when it was confirmed. */
  direction: z.enum(directions).optional(),
  /** The instant, in Unix seconds, that the confirmed amount was computed for: of the last 15 minutes. */
  proration_date: z.number().int().min(0).max(latestSecond).optional(),
  /** The amount that was confirmed, 0 where nothing is due now. */
  amount_cents: z.number().int().min(0).max(100_000_000).optional(),
  request_token: requestToken,
});
export type ChangePlanInput = z.output<typeof changePlanInput>;

export const keepPlanInput = z.strictObject({});

export const listInvoicesInput = z.strictObject({
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(12),
});

/** The id of a Checkout session as Stripe puts it into the address we asked for. */
export const checkoutSessionId = z.string().regex(/^cs_\w{1,200}$/);
