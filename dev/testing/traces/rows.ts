/** Rows of AI traces as the normaliser makes them, for tests of what comes after it. */
import { createHash } from 'node:crypto';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { randomText } from '@/lib/platform/ids';

/** A plain row of today; its hash is new unless one is given. */
export function traceRow(given: Partial<PricedRow> = {}): PricedRow {
  const timestamp = `${new Date().toISOString().slice(0, 10)}T00:00:00+00:00`;
  return {
    session_id: 'session-1',
    developer_id: 'dev@example.com',
    timestamp,
    model: 'anthropic/claude-3-opus',
    tokens_in: 250,
    tokens_out: 150,
    latency_ms: 1234.5,
    status_code: 200,
    accepted_flag: 0,
    repo_slug: 'acme/shop',
    event_date: timestamp.slice(0, 10),
    total_tokens: 400,
    cost_usd: 0.015,
    diff_ratio: null,
    accepted_lines: null,
    trace_hash: createHash('sha1').update(randomText(20)).digest('hex'),
    source: 'document',
    provider: 'anthropic',
    operation: null,
    trace_id: null,
    span_id: null,
    branch: null,
    team: null,
    tags: null,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0,
    reported_cost_usd: null,
    from_cache: false,
    is_stream: false,
    first_token_ms: null,
    error_code: null,
    error_message: null,
    timestamp_assumed: false,
    received_at: new Date().toISOString(),
    book_cost_usd: 0.015,
    price_id: null,
    ...given,
  };
}
