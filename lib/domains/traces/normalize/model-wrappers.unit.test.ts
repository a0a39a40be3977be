/** A span around a request to a model that names the model too is no second request. */
import { expect, test } from 'vitest';
import { normalizeBody } from '@/lib/domains/traces/collect/normalize-body';
import { type Attributes, newSpan, type OtlpSpan } from '@/lib/domains/traces/otlp/span';

const facts = { receivedAt: new Date('2026-11-27T12:00:00Z'), repoSlug: null };
const startMs = Date.UTC(2026, 10, 27, 9);
const used = { 'gen_ai.usage.input_tokens': 1_000, 'gen_ai.usage.output_tokens': 50 };
const model = { 'gen_ai.request.model': 'gemini-2.5-flash' };
const spanOf = (name: string, attributes: Attributes, parent = '', traceId = 'a'.repeat(32)): OtlpSpan => ({
  ...newSpan({}),
  ...{ traceId, spanId: `id of ${name}`, parentSpanId: parent === '' ? '' : `id of ${parent}` },
  ...{ name, startMs, endMs: startMs + 20, attributes },
});
/** As Google's agents send it. */
const call = (more: Attributes = {}) =>
  spanOf('call_llm', { 'gen_ai.system': 'gcp.vertex.agent', ...model, ...used, ...more }, 'invoke_agent');
const generate = (more: Attributes = {}, parent = 'call_llm', traceId?: string) =>
  spanOf('generate', { 'gen_ai.operation.name': 'generate_content', ...model, ...used, ...more }, parent, traceId);
const rowsOf = (...spans: OtlpSpan[]) => {
  const { rows, ignored, refusedCount } = normalizeBody({ form: 'otlp', spans }, facts);
  expect(rows.length + ignored + refusedCount).toBe(spans.length);
  return rows.map(row => [row.span_id, row.tokens_in]);
};

test('the tokens of a request count once, in whatever order its spans stand, and however often it is wrapped', () => {
  expect(rowsOf(generate(), call())).toEqual([['id of generate', 1_000]]);
  expect(rowsOf(call(), generate())).toEqual([['id of generate', 1_000]]);
  const outer = spanOf('outer', { ...model, ...used });
  const inner = spanOf('call_llm', { ...model, ...used }, 'outer');
  expect(rowsOf(outer, inner, generate())).toEqual([['id of generate', 1_000]]);
  expect(rowsOf(call({ 'gen_ai.request.model': 'vertex_ai/gemini-2.5-flash' }), generate())).toHaveLength(1);
});

test('a span counts that comes without the request it wraps, alone has the tokens, asks another model, or says what it does', () => {
  expect(rowsOf(call())).toEqual([['id of call_llm', 1_000]]);
  expect(rowsOf(call(), generate({}, 'another'))).toHaveLength(2);
  expect(rowsOf(call(), generate({}, 'call_llm', 'b'.repeat(32)))).toHaveLength(2);
  expect(rowsOf(call(), generate({ 'gen_ai.request.model': 'gemini-2.5-pro' }))).toHaveLength(2);
  const bare = spanOf('generate', { 'gen_ai.operation.name': 'generate_content', ...model }, 'call_llm');
  expect(rowsOf(call(), bare)).toEqual([
    ['id of call_llm', 1_000],
    ['id of generate', 0],
  ]);
  expect(rowsOf(call({ 'gen_ai.operation.name': 'chat' }), generate())).toHaveLength(2);
  expect(rowsOf(call(), generate({ 'gen_ai.operation.name': 'execute_tool' }))).toEqual([['id of call_llm', 1_000]]);
});

test('the provider that Google’s agents name is one that prices are found of', () => {
  const { rows } = normalizeBody({ form: 'otlp', spans: [call()] }, facts);
  expect(rows).toMatchObject([{ provider: 'vertex_ai', model: 'vertex_ai/gemini-2.5-flash' }]);
});
