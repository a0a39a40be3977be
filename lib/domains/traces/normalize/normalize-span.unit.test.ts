import { expect, test } from 'vitest';
import { normalizeSpan } from '@/lib/domains/traces/normalize/normalize-span';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { type Attributes, newSpan, type OtlpSpan } from '@/lib/domains/traces/otlp/span';

const facts = { receivedAt: new Date('2026-11-27T12:00:00Z'), repoSlug: null };

const startMs = Date.UTC(2026, 10, 27, 9) + 0.25;
const spanWith = (attributes: Attributes, more: Partial<OtlpSpan> = {}): OtlpSpan => ({
  ...newSpan({}),
  startMs,
  endMs: startMs + 1_500.5,
  attributes,
  ...more,
});

function rowOf(span: OtlpSpan): TraceRow {
  const result = normalizeSpan(span, facts);
  if (!result || !('row' in result)) throw new Error(JSON.stringify(result));
  return result.row;
}

const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.provider.name': 'openai' };

test('of what Python’s exporter sends, the two requests to a model become rows', () => {
  const spans = decodeOtlp(Buffer.from(samples.pythonProtobuf, 'base64'), 'protobuf');
  const rows = spans.map(span => normalizeSpan(span, facts));
  expect(rows.filter(row => row === null)).toHaveLength(3);
  expect(rows[0]).toMatchObject({
    row: {
      session_id: 'conv-1',
      developer_id: null,
      timestamp: '2026-11-27T02:09:13.515739+00:00',
      model: 'openai/gpt-4o',
      tokens_in: 1000,
      tokens_out: 50,
      latency_ms: 0.012,
      status_code: 200,
      repo_slug: 'octo/repo',
      cache_read_tokens: 800,
      trace_id: '2ffc83265faec26a189f8d0003737c51',
      span_id: 'e7aafaa39bf2348d',
      source: 'otlp',
      operation: 'chat',
    },
  });
  expect(rows[1]).toMatchObject({
    row: { model: 'anthropic/claude-3-haiku', tokens_in: 10, tokens_out: 5, session_id: null },
  });
});

test('of what Node’s exporter sends, the request to a model becomes a row', () => {
  const spans = decodeOtlp(Buffer.from(JSON.stringify(samples.nodeJson)), 'json');
  const rows = spans.map(span => normalizeSpan(span, facts)).filter(row => row !== null);
  expect(rows).toMatchObject([
    {
      row: {
        session_id: 'conv-2',
        model: 'anthropic/claude-sonnet-4-20250514',
        tokens_in: 1000,
        cache_read_tokens: 600,
        cache_write_tokens: 300,
        timestamp: '2026-11-27T02:17:01.628000+00:00',
        latency_ms: 0.076,
      },
    },
  ]);
});

test.each<[Attributes, Partial<TraceRow>]>([
  [
    { ...chat, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 },
    { tokens_in: 10, total_tokens: 15 },
  ],
  [
    { ...chat, 'gen_ai.usage.prompt_tokens': 10, 'gen_ai.usage.completion_tokens': 5 },
    { tokens_in: 10, tokens_out: 5 },
  ],
  [
    { ...chat, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.cache_read.input_tokens': 100 },
    { tokens_in: 110, cache_read_tokens: 100 },
  ],
  [
    { ...chat, 'gen_ai.usage.output_tokens': 50, 'gen_ai.usage.reasoning.output_tokens': 40 },
    { tokens_out: 50, reasoning_tokens: 40 },
  ],
  [
    { ...chat, 'gen_ai.provider.name': 'aws.bedrock' },
    { model: 'bedrock/gpt-4o', provider: 'bedrock' },
  ],
  [
    { ...chat, 'gen_ai.response.time_to_first_chunk': 0.5 },
    { is_stream: true, first_token_ms: 500 },
  ],
  [
    { ...chat, 'error.type': '429' },
    { status_code: 429, error_code: '429' },
  ],
  [
    { ...chat, 'error.type': 'timeout' },
    { status_code: null, error_code: 'timeout' },
  ],
  [
    { ...chat, 'http.response.status_code': 503, 'error.type': 'x' },
    { status_code: 503, error_code: 'x' },
  ],
  [
    { ...chat, 'vcs.owner.name': 'o', 'vcs.repository.name': 'n', 'vcs.ref.head.name': 'b' },
    { repo_slug: 'o/n', branch: 'b' },
  ],
  [
    { ...chat, 'user.id': 'u', 'enduser.id': 'e', 'session.id': 's' },
    { developer_id: 'u', session_id: 's' },
  ],
  [
    { ...chat, 'user.id': 'user_a_account__session_S' },
    { developer_id: 'user_a', session_id: 'S' },
  ],
  [{ 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'e' }, { operation: 'embeddings' }],
  [
    { 'gen_ai.system': 'Anthropic', 'gen_ai.request.model': 'm' },
    { model: 'anthropic/m', operation: null },
  ],
  [
    { 'llm.request.type': 'completion', 'llm.request.model': 'm' },
    { model: 'm', operation: 'chat' },
  ],
  [
    {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'm',
      'llm.provider': 'openai',
      'llm.token_count.prompt': 9,
      'llm.token_count.completion': 4,
    },
    { model: 'openai/m', tokens_in: 9, tokens_out: 4, operation: 'chat' },
  ],
])('a span with %j has %j', (attributes, expected) => {
  expect(rowOf(spanWith(attributes))).toMatchObject(expected);
});

test.each<Attributes>([
  { ...chat, 'gen_ai.operation.name': 'execute_tool' },
  { ...chat, 'gen_ai.operation.name': 'invoke_agent' },
  { ...chat, 'gen_ai.operation.name': 'create_agent' },
  { 'openinference.span.kind': 'CHAIN', 'gen_ai.request.model': 'm' },
  { 'traceloop.span.kind': 'workflow', 'gen_ai.request.model': 'm' },
  { 'http.request.method': 'GET' },
])('a span with %j is no request to a model', attributes => {
  expect(normalizeSpan(spanWith(attributes), facts)).toBeNull();
});

test('what a process says of itself holds for its spans, unless they say otherwise', () => {
  const resource = { 'user.email': 'dev@example.com', 'vcs.repository.url.full': 'git@github.com:o/n.git' };
  expect(rowOf(spanWith(chat, { resource }))).toMatchObject({ developer_id: 'dev@example.com', repo_slug: 'o/n' });
  expect(rowOf(spanWith({ ...chat, 'user.id': 'other' }, { resource })).developer_id).toBe('other');
});

test('the exception of a failed span is its error', () => {
  const events = [
    { name: 'exception', attributes: { 'exception.type': 'openai.RateLimitError', 'exception.message': 'slow down' } },
  ];
  expect(rowOf(spanWith(chat, { events, status: { code: 2, message: '' } }))).toMatchObject({
    status_code: 429,
    error_code: 'openai.RateLimitError',
    error_message: 'slow down',
  });
  expect(rowOf(spanWith(chat, { status: { code: 2, message: 'gone' } }))).toMatchObject({
    status_code: null,
    error_code: '_OTHER',
    error_message: 'gone',
  });
});

test('a span without a time has that of receipt; one of another century is refused', () => {
  expect(rowOf(spanWith(chat, { startMs: 0 }))).toMatchObject({ timestamp_assumed: true, latency_ms: 0 });
  expect(normalizeSpan(spanWith(chat, { startMs: 9e12 }), facts)).toEqual({
    problems: [
      { code: 'not_a_time', field: 'startTimeUnixNano' },
      { code: 'negative', field: 'endTimeUnixNano' },
    ],
  });
  expect(normalizeSpan(spanWith({ ...chat, 'gen_ai.usage.input_tokens': 'ten' }), facts)).toEqual({
    problems: [{ code: 'wrong_type', field: 'attributes.gen_ai.usage.input_tokens' }],
  });
});

test('a side attribute of another type does not take the tokens of its span away', () => {
  const used = { ...chat, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 };
  const asText = { 'http.status_code': '200', 'operation.cost': '1e-05', accepted_lines: ' 3 ', accepted_flag: 'True' };
  expect(rowOf(spanWith({ ...used, ...asText, 'gen_ai.request.stream': 'yes' }))).toMatchObject({
    tokens_in: 10,
    tokens_out: 5,
    status_code: 200,
    reported_cost_usd: 0.000_01,
    accepted_lines: 3,
    accepted_flag: 1,
    is_stream: false,
  });
  const odd = {
    'http.response.status_code': 0,
    'gen_ai.usage.cost': Number.NaN,
    diff_ratio: [1],
    accepted_lines: '3e99',
  };
  expect(rowOf(spanWith({ ...used, ...odd, 'http.status_code': 503, 'operation.cost': 0.5 }))).toMatchObject({
    tokens_in: 10,
    status_code: 503,
    reported_cost_usd: 0.5,
    diff_ratio: null,
    accepted_lines: null,
  });
});

test('prompts and answers of a span are in no row', () => {
  const text = JSON.stringify(
    rowOf(
      spanWith({ ...chat, 'gen_ai.prompt.0.content': 'my secret plan', 'gen_ai.input.messages': 'my secret plan' }),
    ),
  );
  expect(text).not.toContain('secret plan');
});
