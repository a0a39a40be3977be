/** Calls to Stripe for a person who waits: short time-outs, failures in a sentence that says whether anything was changed. */
import Stripe from 'stripe';
import { isStripeAway } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { AppError } from '@/lib/platform/errors';

/** Two attempts at most, so that the longest command ends before its transaction and its visitor do. */
export const briefly = { timeout: 8_000, maxNetworkRetries: 1 } satisfies Stripe.RequestOptions;

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const codeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined;

/** True where the call cannot have reached Stripe, or was turned away before it did anything. */
const changedNothing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeRateLimitError ||
  (error instanceof Stripe.errors.StripeConnectionError && neverSent.has(String(codeOf(error.detail))));

const away = (message: string, cause: unknown) =>
  new AppError('payment_service_unavailable', message, { retryAfterSeconds: 10, cause });

const nothing = 'Nothing was changed.';
const unreachable = `Stripe cannot be reached. ${nothing}`;
const unanswered = 'Stripe did not answer in time. If the change was made, this page shows it within a minute.';

/** Runs calls that change nothing in Stripe. Throws AppError payment_service_unavailable where Stripe is away. */
export async function asking<Answer>(calls: () => Promise<Answer>): Promise<Answer> {
  try {
    return await calls();
  } catch (error) {
    throw isStripeAway(error) ? away(unreachable, error) : error;
  }
}

/** Runs a call that changes something in Stripe. Throws AppError payment_service_unavailable and payment_failed. */
export async function changing<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (isStripeAway(error)) throw away(changedNothing(error) ? unreachable : unanswered, error);
    throw paymentFailure(error) ?? error;
  }
}

const needsConfirming = new Set([
  'authentication_required',
  'subscription_payment_intent_requires_action',
  'invoice_payment_intent_requires_action',
]);

/** True where a card could not be charged, and no plan was changed. */
export const isPaymentFailure = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'payment_failed';

/** True where the cardholder must confirm the payment with the bank, and no plan was changed. */
export const isToConfirm = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'payment_failed' && error.details?.next === 'confirm';

/** The failure for whom something was changed all the same: says `truth` where it would say that nothing was. */
export function admitting(error: unknown, truth: string): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, details, retryAfterSeconds } = error;
  const told = message.includes(nothing) ? message.replace(nothing, truth) : `${message} ${truth}`;
  return new AppError(code, told, {
    ...(details ? { details } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause: error,
  });
}

/** The refusal of a card in our words; null for any other error. */
function paymentFailure(error: unknown): AppError | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const reason = error.decline_code ?? error.code ?? 'unknown';
  const refused = (sentence: string, then: string, next: 'card' | 'confirm' = 'card') =>
    new AppError('payment_failed', `${sentence} ${nothing} ${then}`, {
      details: { payment_error: reason, next },
      cause: error,
    });
  if (needsConfirming.has(String(error.code)) || needsConfirming.has(String(error.decline_code)))
    return refused(
      'The bank asks you to confirm this payment yourself.',
      'Try again, or update the card in Stripe.',
      'confirm',
    );
  if (error instanceof Stripe.errors.StripeCardError)
    return refused('The card was declined.', 'Update the card in Stripe, then try again.');
  if (/payment (source|method)/i.test(error.message) && error.statusCode === 400)
    return refused('There is no card to charge.', 'Add a card in Stripe, then try again.');
  return null;
}

/** True where Stripe does not know the thing. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
