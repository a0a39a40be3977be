/** One error class for what callers may hear, one table from its code to the HTTP status (RFC 9457 problem details). */
import { isErrorNamed } from '@/lib/platform/process-wide';

export const statusOfCode = {
  bad_request: 400,
  invalid_input: 400,
  invalid_json: 400,
  invalid_cursor: 400,
  query_refused: 400,
  query_over_cap: 400,
  query_failed: 400,
  unauthenticated: 401,
  invalid_key: 401,
  key_expired: 401,
  key_disabled: 401,
  payment_failed: 402,
  forbidden: 403,
  insufficient_scope: 403,
  customer_suspended: 403,
  subscription_inactive: 403,
  bad_origin: 403,
  source_disabled: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  stale_form: 409,
  lease_expired: 409,
  run_finished: 409,
  run_not_started: 409,
  run_observed: 409,
  report_too_late: 409,
  report_limit_reached: 409,
  step_goes_back: 409,
  result_expired: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  quota_exceeded: 429,
  concurrency_exceeded: 429,
  rate_limited: 429,
  usage_exceeded: 429,
  bytes_budget_spent: 429,
  internal: 500,
  slow_down: 503,
  desk_closed: 503,
  warehouse_unavailable: 503,
  database_unavailable: 503,
  key_service_unavailable: 503,
  payment_service_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof statusOfCode;

/** `code` where callers tell problems of a field apart by it. */
export type FieldError = { path: string; message: string; code?: string };

export type ProblemExtras = {
  /** One entry a wrong field; path as in `parameters.region`. */
  fields?: FieldError[];
  retryAfterSeconds?: number;
  /** Further members of the problem document; never secrets. */
  details?: Record<string, unknown>;
  cause?: unknown;
};

/** An error whose message is meant for the caller. Anything else becomes a blank 500. */
export class AppError extends Error {
  readonly fields: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Record<string, unknown> | undefined;
  constructor(
    readonly code: ErrorCode,
    message: string,
    extras: ProblemExtras = {},
  ) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'AppError';
    this.fields = extras.fields;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.details = extras.details;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'AppError');
  }

  get status(): number {
    return statusOfCode[this.code];
  }
}

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  request_id: string;
  errors?: FieldError[];
  [detail: string]: unknown;
};

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '25P03',
  '08006',
  '08001',
]);

/** Postgres ends a session whose transaction is open for so long without a statement. */
export const idleInTransactionMs = 20_000;

/** True when Postgres could not be reached or is stopping, as opposed to having refused a statement. */
export function isDatabaseDown(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string' && connectionCodes.has(code)) return true;
    if (
      /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client was closed|is not queryable/.test(
        cause.message,
      )
    )
      return true;
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseDown)) return true;
  }
  return false;
}

/** Whether the error, or one that caused it, is Postgres' of this SQLSTATE. */
function hasSqlState(error: unknown, state: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ((cause as { code?: unknown }).code === state) return true;
  return false;
}

/**
 * True when the session ended because its transaction was held without a statement for too long, which is the doing of
 * whoever held it. A process that was busy all the while may hear no more than that its connection broke, so `heldMs`
 * decides there.
 */
export function isEndedForIdling(error: unknown, heldMs: number): boolean {
  if (hasSqlState(error, '25P03')) return true;
  if (heldMs < idleInTransactionMs) return false;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = String((cause as { code?: unknown }).code);
    if (['ECONNRESET', 'EPIPE'].includes(code) || /Connection terminated|is not queryable/.test(cause.message))
      return true;
  }
  return false;
}

/** True when Postgres refuses what was sent for what it holds (data, constraint, size), so that the same would be refused again. */
export function isRefusedValue(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && /^(?:22|23|54)[0-9A-Z]{3}$/.test(code)) return true;
  }
  return false;
}

/** True when Postgres refused a row because another one has its unique value. */
export const isUniqueViolation = (error: unknown): boolean => hasSqlState(error, '23505');

/** True where a lock of Postgres was waited for in vain. */
export const isLockTimeout = (error: unknown): boolean => hasSqlState(error, '55P03');

/** What the caller hears of any thrown value; unknown errors tell nothing but the request id. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseDown(error)) {
    return new AppError('database_unavailable', 'The database is not reachable. Try again shortly.', {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  return new AppError('internal', 'Something failed on our side.', { cause: error });
}

/** Problem document (RFC 9457) of an error. */
export function toProblem(error: AppError, requestId: string): Problem {
  return {
    ...error.details,
    type: `/docs/errors#${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: error.status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.fields ? { errors: error.fields } : {}),
  };
}
