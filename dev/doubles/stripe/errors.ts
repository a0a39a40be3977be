/** Errors as Stripe sends them. */
import type { CardBehaviour } from '@/dev/doubles/stripe/state';

type Kind = 'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error';
type Details = { type?: Kind; code?: string; param?: string; decline_code?: string };

export class StripeError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
  }

  body() {
    return { error: { type: 'invalid_request_error' as Kind, message: this.message, ...this.details } };
  }
}

/** Stripe's answer to an id that does not exist: 404 in a path, 400 in a parameter. */
export function missing(noun: string, id: string, param = 'id'): StripeError {
  return new StripeError(param === 'id' ? 404 : 400, `No such ${noun}: '${id}'`, { code: 'resource_missing', param });
}

/** What the bank says to a card that it refuses. */
export const declineTexts: Record<Exclude<CardBehaviour, 'ok'>, { message: string; decline_code: string }> = {
  declined: { message: 'Your card was declined.', decline_code: 'generic_decline' },
  insufficient_funds: { message: 'Your card has insufficient funds.', decline_code: 'insufficient_funds' },
  authentication_required: {
    message: 'Your card was declined. This transaction requires authentication.',
    decline_code: 'authentication_required',
  },
};

/** 402 for a card that was refused. */
export function declined(behaviour: CardBehaviour): StripeError {
  const { message, decline_code } = declineTexts[behaviour === 'ok' ? 'declined' : behaviour];
  return new StripeError(402, message, { type: 'card_error', code: 'card_declined', decline_code });
}

/** 402 for a payment that the cardholder must confirm first, for what `subject` names. */
export function needsAction(subject: 'subscription' | 'invoice'): StripeError {
  const text =
    subject === 'subscription'
      ? 'Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.'
      : 'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.';
  return new StripeError(402, text, { type: 'card_error', code: `${subject}_payment_intent_requires_action` });
}
