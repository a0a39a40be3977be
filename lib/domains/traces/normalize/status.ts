/** HTTP status of a failure by the sender's word for it. Source: docs/spec/requirements.md, T-13. */

/** Names of errors in LiteLLM and the clients of OpenAI and Anthropic that stand for one status. */
const statusOfError: Readonly<Record<string, number>> = {
  APIError: 500,
  AuthenticationError: 401,
  BadGatewayError: 502,
  BadRequestError: 400,
  ConflictError: 409,
  ContentPolicyViolationError: 400,
  ContextWindowExceededError: 400,
  InternalServerError: 500,
  InvalidRequestError: 400,
  NotFoundError: 404,
  OverloadedError: 529,
  PermissionDeniedError: 403,
  RateLimitError: 429,
  ServiceUnavailableError: 503,
  Timeout: 408,
  UnprocessableEntityError: 422,
  UnsupportedParamsError: 400,
  api_error: 500,
  authentication_error: 401,
  invalid_request_error: 400,
  not_found_error: 404,
  overloaded_error: 529,
  permission_error: 403,
  rate_limit_error: 429,
  request_too_large: 413,
};

/** Whether a number may be an HTTP status. */
export const statusRange = { least: 100, most: 599, isWhole: true } as const;

/** The status that a code or a name stands for, with or without its module: `429`, `openai.RateLimitError`; null where it is not known. */
export function statusOf(word: string | null): number | null {
  if (word === null) return null;
  if (/^[1-5]\d\d$/.test(word)) return Number(word);
  const name = word.slice(word.lastIndexOf('.') + 1);
  return Object.hasOwn(statusOfError, name) ? statusOfError[name]! : null;
}
