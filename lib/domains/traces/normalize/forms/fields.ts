/** What is looked for in a record of any form; each form says where. */
import type { Form } from '@/lib/domains/traces/normalize/form';

/** A field has a column's name where it fills that column alone. */
export const traceFields = [
  'session_id',
  /** A user's name that may hold the session. */
  'session_of_user',
  /** What stands for the session where none is named. */
  'session_else',
  'developer_id',
  'start',
  'end',
  'first_token',
  'first_token_seconds',
  'latency_ms',
  'model',
  'provider',
  'operation',
  'tokens_in',
  'tokens_out',
  'cache_read_tokens',
  /** For 5 minutes and an hour. */
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'status',
  'status_code',
  'accepted_flag',
  'accepted_lines',
  'diff_ratio',
  'repo_slug',
  'repo_owner',
  'branch',
  'team',
  'tags',
  'trace_id',
  'span_id',
  'reported_cost_usd',
  'from_cache',
  'is_stream',
  'error_code',
  'error_status',
  'error_message',
] as const;
export type TraceField = (typeof traceFields)[number];

export type TraceForm = Form<TraceField>;
