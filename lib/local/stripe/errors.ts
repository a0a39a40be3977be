/** Errors as Stripe sends them. */
type Kind = 'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error';
type Details = { type?: Kind; code?: string; param?: string; decline_code?: string; payment_method?: object };

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
