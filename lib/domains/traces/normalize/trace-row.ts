/** A request to an AI model after it was normalised: the columns of `sessions` and `session_details` but what the loader adds. */
import type { TraceProblem, TraceSource } from '@/lib/domains/traces/rules';

/**
 * Names are those of the BigQuery columns (schemas/metadata/sessions.json, session_details.json); without `id` and `loaded_at`.
 * One JSON object a line is what the spool and the Parquet files are made from.
 */
export type TraceRow = {
  session_id: string | null;
  developer_id: string | null;
  /** ISO 8601 with `+00:00`, as it is hashed: `2025-10-12T19:00:00+00:00`, with six digits of a second where it has a fraction. */
  timestamp: string;
  model: string | null;
  tokens_in: number;
  tokens_out: number;
  latency_ms: number;
  status_code: number | null;
  accepted_flag: 0 | 1;
  repo_slug: string | null;
  /** YYYY-MM-DD, the UTC day of `timestamp`. */
  event_date: string;
  total_tokens: number;
  cost_usd: number;
  /** 0.0 to 1.0. */
  diff_ratio: number | null;
  accepted_lines: number | null;
  /** 40 hexadecimal digits. */
  trace_hash: string;

  source: TraceSource;
  provider: string | null;
  operation: string | null;
  trace_id: string | null;
  span_id: string | null;
  branch: string | null;
  team: string | null;
  /** Separated by commas. */
  tags: string | null;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cache_write_1h_tokens: number;
  reasoning_tokens: number;
  reported_cost_usd: number | null;
  from_cache: boolean;
  is_stream: boolean;
  first_token_ms: number | null;
  error_code: string | null;
  error_message: string | null;
  timestamp_assumed: boolean;
  /** ISO 8601. */
  received_at: string;
};

/** What the price book adds. */
export type PricedRow = TraceRow & { book_cost_usd: number | null; price_id: string | null };

/** What the record itself does not say. */
export type NormalizeFacts = {
  /** Stands for a missing time; `received_at` of the row. */
  receivedAt: Date;
  /** Repository of records that name none (`--repo`, or a header); null = none. */
  repoSlug: string | null;
};

export type Normalized = { row: TraceRow } | { problems: TraceProblem[] };
