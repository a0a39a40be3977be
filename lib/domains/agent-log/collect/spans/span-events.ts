/** A span of an agent → events: a call of a tool has a start and an end, a request to a model is a message, and an error where it failed. */
import { createHash } from 'node:crypto';
import { microText } from '@/lib/domains/agent-log/chain/times';
import { isBeyondRetention } from '@/lib/domains/agent-log/collect/event-time';
import { messageContent, toolArguments, toolResult } from '@/lib/domains/agent-log/collect/spans/span-content';
import { firstText, spanKind, textOf } from '@/lib/domains/agent-log/collect/spans/span-kind';
import type { SpanOwner } from '@/lib/domains/agent-log/collect/spans/span-owner';
import type { ChatEvent, JsonObject, JsonValue } from '@/lib/domains/agent-log/events';
import { agentProblems, aheadMs, type EventType } from '@/lib/domains/agent-log/rules';
import { normalizeSpan } from '@/lib/domains/traces/normalize/normalize-span';
import { idText, messageText, nameText } from '@/lib/domains/traces/normalize/text';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';
import type { PriceBook } from '@/lib/domains/traces/prices/price-book';
import { bookPrice } from '@/lib/domains/traces/prices/priced';
import { traceProblems } from '@/lib/domains/traces/rules';

export type SpanFacts = {
  receivedAt: Date;
  /** Whether arguments, results and messages are kept. */
  keepContent: boolean;
  /** By which messages are valued; null where there are none. */
  book: PriceBook | null;
};

/** What is wrong with a span, in words. */
export type SpanProblem = { field: string; message: string };
export type SpanEvents = { events: ChatEvent[] } | { problem: SpanProblem };

/** A UUIDv4 in form, the same for the same span whenever it is sent. */
function eventId({ traceId, spanId }: OtlpSpan, type: EventType): string {
  const hex = createHash('sha256').update(`${traceId}\n${spanId}\n${type}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

type Times = { startMs: number; endMs: number };

function timesOf({ startMs, endMs }: OtlpSpan, now: Date): Times | SpanProblem {
  const start = startMs || endMs || now.getTime();
  const end = Math.max(endMs, start);
  if (end > now.getTime() + aheadMs) return { field: 'endTimeUnixNano', message: agentProblems.ahead };
  if (isBeyondRetention(start, now)) return { field: 'startTimeUnixNano', message: agentProblems.too_old };
  return { startMs: start, endMs: end };
}

const present = (object: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as JsonObject;

const either = ({ attributes, resource }: OtlpSpan, name: string): string | null =>
  nameText(textOf(attributes[name]) ?? textOf(resource[name]) ?? '');

/** The state of a repository that the agent worked on, and where the span stands in its trace. */
const placeOf = (span: OtlpSpan): JsonObject =>
  present({
    repo_url: either(span, 'vcs.repository.url.full'),
    commit_hash: either(span, 'vcs.ref.head.revision')?.toLowerCase(),
    trace_id: idText(span.traceId),
    span_id: idText(span.spanId),
  });

function maker(span: OtlpSpan, owner: SpanOwner) {
  return (event_type: EventType, ms: number, content: JsonValue, metadata: JsonObject): ChatEvent => ({
    event_id: eventId(span, event_type),
    event_timestamp: microText(Math.round(ms * 1_000)),
    session_id: owner.session,
    user_id: owner.user,
    event_type,
    content,
    metadata: { ...metadata, ...placeOf(span) },
    client_info: null,
  });
}

const toolNames = ['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'traceloop.entity.name'];
const callIds = ['gen_ai.tool.call.id', 'ai.toolCall.id', 'tool_call.id'];
const billedNames = [
  'gcp.bigquery.total_bytes_billed',
  'gcp.bigquery.bytes_billed',
  'bigquery.total_bytes_billed',
  'bigquery.bytes_billed',
  'bytes_billed',
];
const errorStatus = 2;

function exceptionOf({ events }: OtlpSpan): string | null {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  return exception ? firstText({ attributes: exception }, ['exception.message', 'exception.type']) : null;
}

/** Why a tool failed; null where it did not. */
function failureOf(span: OtlpSpan): string | null {
  const type = firstText(span, ['error.type']);
  if (span.status.code !== errorStatus && type === null) return null;
  const said = firstText(span, ['error.message']) ?? textOf(span.status.message) ?? exceptionOf(span) ?? type;
  return messageText(said ?? '') ?? 'failed';
}

/** Bytes as a number or, as 64 bits travel in JSON, as digits. */
function bytesBilled({ attributes }: OtlpSpan): number | null {
  for (const name of billedNames) {
    const value = attributes[name];
    const bytes = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
    if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  }
  return null;
}

function toolEvents(span: OtlpSpan, owner: SpanOwner, { startMs, endMs }: Times, keepContent: boolean): ChatEvent[] {
  const event = maker(span, owner);
  const failure = failureOf(span);
  const call = {
    execution_id: idText(firstText(span, callIds) ?? '') ?? idText(span.spanId) ?? 'unknown',
    tool_name: nameText(firstText(span, toolNames) ?? span.name.replace(/^execute_tool /, '')) ?? 'unknown',
  };
  const end = {
    ...call,
    status: failure === null ? 'success' : 'failure',
    error_message: failure,
    bytes_billed: bytesBilled(span),
    latency_ms: Math.round((endMs - startMs) * 1_000) / 1_000,
  };
  return [
    event('tool_start', startMs, keepContent ? toolArguments(span) : null, call),
    event('tool_end', endMs, keepContent ? toolResult(span) : null, end),
  ];
}

function messageEvents(span: OtlpSpan, row: TraceRow, owner: SpanOwner, { endMs }: Times, facts: SpanFacts) {
  const event = maker(span, owner);
  const { model, provider, operation, tokens_in, tokens_out, latency_ms } = row;
  const booked = facts.book ? bookPrice(row, facts.book).book_cost_usd : null;
  const cost_usd = booked ?? row.reported_cost_usd;
  const metadata = present({ model, provider, operation, tokens_in, tokens_out, latency_ms, cost_usd });
  const sent = event('message_sent', endMs, facts.keepContent ? messageContent(span) : null, metadata);
  if (row.error_code === null) return [sent];
  const failed = { model, provider, error_code: row.error_code, error_message: row.error_message ?? row.error_code };
  return [sent, event('error', endMs, null, present(failed))];
}

/** The events of a span, or what is wrong with it; null where it is no part of the agent log. Never throws. */
export function spanEvents(span: OtlpSpan, owner: SpanOwner, facts: SpanFacts): SpanEvents | null {
  const kind = spanKind(span);
  if (kind === null) return null;
  if (span.spanId === '') return { problem: { field: 'spanId', message: agentProblems.missing } };
  const times = timesOf(span, facts.receivedAt);
  if ('field' in times) return { problem: times };
  if (kind === 'tool') return { events: toolEvents(span, owner, times, facts.keepContent) };
  const found = normalizeSpan(span, { receivedAt: facts.receivedAt, repoSlug: null });
  if (!found || 'problems' in found) {
    const [first] = found?.problems ?? [];
    return { problem: { field: first?.field ?? '', message: traceProblems[first?.code ?? 'not_an_object'] } };
  }
  return { events: messageEvents(span, found.row, owner, times, facts) };
}
