/** What each error code means and what to do about it; the compiler asks for every code. */
import type { ErrorCode } from '@/lib/platform/errors';

export const errorMeanings: Record<ErrorCode, string> = {
  bad_request: 'The request could not be read to its end. Send it again.',
  invalid_input: 'A field is missing, wrong or not known. `errors` names each one with its path.',
  invalid_json: 'The body is missing, or is not JSON in UTF-8.',
  invalid_cursor: 'The cursor was not made by this list. Start again without it.',
  query_refused:
    'The desk does not run this text. `reason` says why, `layer` who decided, `line` and `column` where. Nothing is billed: with `layer` `service` BigQuery was asked by a dry run, else not at all.',
  query_over_cap:
    'The query would bill more than its cap. `cap_bytes` says what it may, `estimated_bytes` what it would; where BigQuery itself stopped it, `query_id` names it instead. Read fewer columns or days. Nothing was billed.',
  query_failed:
    'The query was begun and has no result: `detail` says why, in BigQuery’s own words where it failed there; `query_id` names it and `bytes_billed` is what it cost.',
  unauthenticated: 'No key came with the call. Send Authorization: Bearer and the key; with events the write key.',
  invalid_key: 'The key is not known. Check that it was copied whole.',
  key_expired: 'The key has expired. Create or rotate one on the page API keys.',
  key_disabled: 'The key was revoked and will not work again.',
  payment_failed: 'The card could not be charged, so the plan was not changed. Update the card in Stripe.',
  forbidden: 'This kind of key, or your role, may not make this call.',
  insufficient_scope: 'The key lacks the scope in `required_scope`. Create a key that carries it.',
  customer_suspended: 'The organization is suspended. Write to support.',
  subscription_inactive: 'The trial has ended or the plan is cancelled. Choose a plan; reading still works.',
  bad_origin:
    'A form came from another site: open the portal itself. Or events came from a page whose origin the event source does not list.',
  source_disabled: 'The event source is switched off. Switch it on on the page Sources.',
  not_found: 'There is no such call, or nothing of yours with this id.',
  method_not_allowed: 'The path does not answer this method. The header Allow names those it does.',
  conflict: 'Something else changed it first. Read it again, then decide.',
  stale_form: 'The browser has switched to another organization since the form was opened. Nothing was changed.',
  lease_expired: 'The run’s lease ran out, so the run is FAILED and its slot is free. Send heartbeats more often.',
  run_finished: 'The run has ended with another status already.',
  run_observed:
    'The run is observed: its orchestrator starts and ends it. It is neither extended, ended, cancelled nor repeated by a call.',
  run_not_started: 'The run waits and nobody has claimed it yet. Claim it first, or cancel it.',
  report_too_late: 'The run ended more than 24 hours ago; `reports_until` says until when steps and checks were taken.',
  report_limit_reached: 'The run has all the steps or data-quality results that are kept of one run.',
  step_goes_back:
    'A step that has ended was reported in another state. Another try of it has a `step_logging_id` of its own.',
  result_expired: 'BigQuery keeps the result of a query for 24 hours. Run the query again.',
  body_too_large:
    'The body is over 1 MB (1,048,576 bytes); of events over 32 kB for one call, over 500 kB or 2,500 items for a batch; of traces over 16 MB or 20,000 records.',
  unsupported_media_type:
    'Send the body as application/json in UTF-8, without content-encoding. Calls that take events or traces know more types, and gzip.',
  idempotency_mismatch: 'This Idempotency-Key came with another body before. Use a new one for a new run.',
  quota_exceeded: 'The plan’s runs are used up. Retry-After says when the count starts anew.',
  concurrency_exceeded: 'As many runs are under way as the plan allows. Complete one, or wait.',
  rate_limited:
    'The key sends more requests a second than its tier, or its event source, allows. Wait as Retry-After says.',
  bytes_budget_spent:
    'The organization’s queries have used up the bytes of this UTC day. `Retry-After` tells when the next one begins; an admin can raise the budget up to the operator’s.',
  usage_exceeded:
    'The plan’s API calls, or events, of this month are used up. Calls that start or read something count; a run’s heartbeats, steps, checks and completion do not.',
  desk_closed:
    'The query desk is closed, and `detail` says why. Where what decides which queries are safe does not run, try again in a minute; where queries are not set up for your organization yet, write to support. Nothing was billed.',
  slow_down:
    'More traces come at once than are taken of this key, or of all. Nothing was kept; send the same again as Retry-After says. It is 503 and not 429, which some clients never send again.',
  internal: 'A fault on our side. Name the `request_id` when you write to us.',
  warehouse_unavailable: 'BigQuery cannot be asked right now. Retry as Retry-After says.',
  database_unavailable: 'Our database cannot be reached. Nothing was changed; retry as Retry-After says.',
  key_service_unavailable: 'The key management service cannot be reached. Nothing was changed; retry shortly.',
  payment_service_unavailable: 'Stripe cannot be reached. `detail` says whether anything may have changed.',
};
