/** The row of a request whose fields are read: defaults, sums, costs and the hash. Source: docs/spec/requirements.md, T-04 to T-16. */
import { timestampText } from '@/lib/domains/traces/normalize/instant';
import { addProblem, type Reading } from '@/lib/domains/traces/normalize/reading';
import { repoSlug } from '@/lib/domains/traces/normalize/repo-slug';
import { traceHash } from '@/lib/domains/traces/normalize/trace-hash';
import type { Normalized, NormalizeFacts, TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { documentCostUsd } from '@/lib/domains/traces/rules';

/** Columns that stand in the record, and what the rest follows from. */
export type ReadRequest = Omit<
  TraceRow,
  | 'timestamp'
  | 'event_date'
  | 'total_tokens'
  | 'cost_usd'
  | 'trace_hash'
  | 'timestamp_assumed'
  | 'received_at'
  | 'cache_write_tokens'
> & {
  /** Microseconds since 1970; null = not sent. */
  start_us: number | null;
  /** For 5 minutes and for an hour. */
  all_cache_write_tokens: number;
};

/** Tokens whose parts are within their sum: where the parts are more, the sender did not count them in. */
function summed(request: ReadRequest): { tokensIn: number; tokensOut: number } {
  const cached = request.cache_read_tokens + request.all_cache_write_tokens;
  const { tokens_in: tokensIn, tokens_out: tokensOut, reasoning_tokens: reasoning } = request;
  return {
    tokensIn: cached > tokensIn ? tokensIn + cached : tokensIn,
    tokensOut: reasoning > tokensOut ? tokensOut + reasoning : tokensOut,
  };
}

let receivedAt = { ms: Number.NaN, text: '' };

/** Records of one request or file are received at one time. */
function receivedText(date: Date): string {
  const ms = date.getTime();
  if (ms !== receivedAt.ms) receivedAt = { ms, text: date.toISOString() };
  return receivedAt.text;
}

/** The row, or all that is wrong with the record it is read from. */
export function finishRow(reading: Reading, request: ReadRequest, facts: NormalizeFacts): Normalized {
  const { tokensIn, tokensOut } = summed(request);
  const total = tokensIn + tokensOut;
  if (total > Number.MAX_SAFE_INTEGER) addProblem(reading, 'out_of_range', 'total_tokens');
  if (reading.problems.length > 0) return { problems: reading.problems };
  const timestamp = timestampText(request.start_us ?? facts.receivedAt.getTime() * 1_000);
  const row: TraceRow = {
    session_id: request.session_id,
    developer_id: request.developer_id,
    timestamp,
    model: request.model,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    latency_ms: request.latency_ms,
    status_code: request.status_code,
    accepted_flag: request.accepted_flag,
    repo_slug: request.repo_slug ?? (facts.repoSlug === null ? null : repoSlug(facts.repoSlug)),
    event_date: timestamp.slice(0, 10),
    total_tokens: total,
    cost_usd: documentCostUsd(request.model, tokensIn, tokensOut),
    diff_ratio: request.diff_ratio,
    accepted_lines: request.accepted_lines,
    trace_hash: '',
    source: request.source,
    provider: request.provider,
    operation: request.operation,
    trace_id: request.trace_id,
    span_id: request.span_id,
    branch: request.branch,
    team: request.team,
    tags: request.tags,
    cache_read_tokens: request.cache_read_tokens,
    cache_write_tokens: request.all_cache_write_tokens - request.cache_write_1h_tokens,
    cache_write_1h_tokens: request.cache_write_1h_tokens,
    reasoning_tokens: request.reasoning_tokens,
    reported_cost_usd: request.reported_cost_usd,
    from_cache: request.from_cache,
    is_stream: request.is_stream,
    first_token_ms: request.first_token_ms,
    error_code: request.error_code,
    error_message: request.error_message,
    timestamp_assumed: request.start_us === null,
    received_at: receivedText(facts.receivedAt),
  };
  row.trace_hash = traceHash(row);
  return { row };
}
