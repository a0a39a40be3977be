/** The columns that every form has alike, each from its places. */
import type { ReadRequest } from '@/lib/domains/traces/normalize/finish-row';
import type { TraceForm } from '@/lib/domains/traces/normalize/forms/fields';
import { providerName, providerOf, withProvider } from '@/lib/domains/traces/normalize/model-name';
import { operationName } from '@/lib/domains/traces/normalize/operation-name';
import {
  type Reading,
  readAmount,
  readCount,
  readFlag,
  readText,
  readTexts,
  readTime,
  readTokens,
  readWithin,
} from '@/lib/domains/traces/normalize/reading';
import { repoSlug } from '@/lib/domains/traces/normalize/repo-slug';
import { developerId, sessionId, sessionOfUser } from '@/lib/domains/traces/normalize/session-id';
import { idText, nameText, tagsText } from '@/lib/domains/traces/normalize/text';
import type { TraceSource } from '@/lib/domains/traces/rules';

const share = { least: 0, most: 1, isWhole: false } as const;

const costOf = (cost: number | null, fromCache: boolean): number | null => (cost === 0 && !fromCache ? null : cost);

/** What all forms have alike; a reported cost of 0 is no cost, as senders give 0 for models without a price. What a form decides for itself is not set yet. */
export function readRequest(reading: Reading, { places }: TraceForm, source: TraceSource): ReadRequest {
  const model = readText(reading, places.model, nameText);
  const provider = readText(reading, places.provider, providerName);
  const tags = readTexts(reading, places.tags);
  const fromCache = readFlag(reading, places.from_cache) ?? false;
  const cacheWrite1h = readTokens(reading, places.cache_write_1h_tokens) ?? 0;
  return {
    source,
    session_id:
      readText(reading, places.session_id, sessionId) ??
      readText(reading, places.session_of_user, sessionOfUser) ??
      readText(reading, places.session_else, sessionId),
    developer_id: readText(reading, places.developer_id, developerId),
    start_us: readTime(reading, places.start),
    latency_ms: 0,
    first_token_ms: null,
    status_code: null,
    error_code: null,
    error_message: null,
    model: provider === null ? model : withProvider(model, provider),
    provider: provider ?? providerOf(model),
    operation: readText(reading, places.operation, operationName),
    tokens_in: readTokens(reading, places.tokens_in) ?? 0,
    tokens_out: readTokens(reading, places.tokens_out) ?? 0,
    cache_read_tokens: readTokens(reading, places.cache_read_tokens) ?? 0,
    all_cache_write_tokens: Math.max(readTokens(reading, places.cache_write_tokens) ?? 0, cacheWrite1h),
    cache_write_1h_tokens: cacheWrite1h,
    reasoning_tokens: readTokens(reading, places.reasoning_tokens) ?? 0,
    accepted_flag: readFlag(reading, places.accepted_flag) ? 1 : 0,
    accepted_lines: readCount(reading, places.accepted_lines),
    diff_ratio: readWithin(reading, places.diff_ratio, share),
    repo_slug: readText(reading, places.repo_slug, repoSlug),
    branch: readText(reading, places.branch, nameText),
    team: readText(reading, places.team, nameText),
    tags: tags && tagsText(tags),
    reported_cost_usd: costOf(readAmount(reading, places.reported_cost_usd), fromCache),
    from_cache: fromCache,
    is_stream: readFlag(reading, places.is_stream) ?? false,
    trace_id: readText(reading, places.trace_id, idText),
    span_id: readText(reading, places.span_id, idText),
  };
}
