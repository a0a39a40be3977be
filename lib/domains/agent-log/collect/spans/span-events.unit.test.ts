/** Spans of real exporters and of each convention become events; content only where it is asked for and was sent. */

import { expect, test } from 'vitest';
import { bookEntry } from '@/dev/testing/traces/book-entry';
import { normalizeEvent } from '@/lib/domains/agent-log/collect/normalize-event';
import { spanEvents } from '@/lib/domains/agent-log/collect/spans/span-events';
import { spanOwners } from '@/lib/domains/agent-log/collect/spans/span-owner';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { type Attributes, newSpan, type OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { newBook } from '@/lib/domains/traces/prices/price-book';

const receivedAt = new Date('2026-11-27T12:00:00Z');
const book = newBook([]);
const startMs = Date.UTC(2026, 10, 27, 9) + 0.25;
const spanWith = (attributes: Attributes, more: Partial<OtlpSpan> = {}): OtlpSpan => ({
  ...newSpan({ 'service.name': 'shop-agent' }),
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  startMs,
  endMs: startMs + 1_500.5,
  attributes,
  ...more,
});

function eventsOf(spans: readonly OtlpSpan[], keepContent = false): ChatEvent[] {
  const owners = spanOwners(spans);
  return spans.flatMap((span, index) => {
    const found = spanEvents(span, owners[index]!, { receivedAt, keepContent, book });
    if (found && 'problem' in found) throw new Error(JSON.stringify(found.problem));
    return found?.events ?? [];
  });
}
const problemOf = (span: OtlpSpan) => {
  const found = spanEvents(span, spanOwners([span])[0]!, { receivedAt, keepContent: false, book });
  return found && 'problem' in found ? found.problem : found;
};

const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'bq', 'gen_ai.tool.call.id': 'call_1' };
const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.provider.name': 'openai' };

test('of what Node’s exporter sends, a message and a failed call are events of the agent’s session', () => {
  const events = eventsOf(decodeOtlp(Buffer.from(JSON.stringify(samples.nodeJson)), 'json'));
  expect(events).toMatchObject([
    {
      event_type: 'message_sent',
      event_timestamp: '2026-11-27T02:17:01.628076Z',
      metadata: { model: 'anthropic/claude-sonnet-4-20250514', tokens_in: 1000, tokens_out: 50, latency_ms: 0.076 },
    },
    {
      event_type: 'tool_start',
      event_timestamp: '2026-11-27T02:17:01.628000Z',
      metadata: { execution_id: 'call_9', tool_name: 'run_query' },
    },
    {
      event_type: 'tool_end',
      event_timestamp: '2026-11-27T02:17:01.628499Z',
      metadata: { execution_id: 'call_9', status: 'failure', error_message: 'quota', latency_ms: 0.499 },
    },
  ]);
  // The tool's span names no conversation; that of its agent does.
  expect(new Set(events.map(event => event.session_id))).toEqual(new Set(['conv-2']));
  expect(new Set(events.map(event => event.user_id))).toEqual(new Set(['agent-node']));
});

test('what Python’s exporter sends becomes events too', () => {
  const events = eventsOf(decodeOtlp(Buffer.from(samples.pythonProtobuf, 'base64'), 'protobuf'));
  expect(events.filter(event => event.event_type === 'message_sent')).toHaveLength(2);
  expect(new Set(events.map(event => event.event_id)).size).toBe(events.length);
});

test('a span that is sent again has the same ids, UUIDs of version 4, and each event is one that the door takes', () => {
  const spans = [spanWith(tool), spanWith(chat, { spanId: 'c'.repeat(16), status: { code: 2, message: 'no' } })];
  const events = eventsOf(spans);
  expect(events.map(event => event.event_type)).toEqual(['tool_start', 'tool_end', 'message_sent', 'error']);
  expect(eventsOf(spans)).toEqual(events);
  expect(new Set(events.map(event => event.event_id)).size).toBe(4);
  for (const event of events) expect(normalizeEvent(event, receivedAt)).toEqual({ row: event });
});

const conventions: [sentence: string, attributes: Attributes, more: Partial<OtlpSpan>, name: string, id: string][] = [
  ['OpenTelemetry', tool, {}, 'bq', 'call_1'],
  [
    'OpenTelemetry without a name or an id',
    { 'gen_ai.operation.name': 'execute_tool' },
    { name: 'execute_tool bq' },
    'bq',
    'b'.repeat(16),
  ],
  ['OpenInference', { 'openinference.span.kind': 'TOOL', 'tool.name': 'bq', 'tool_call.id': 'x' }, {}, 'bq', 'x'],
  ['OpenLLMetry', { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'bq' }, {}, 'bq', 'b'.repeat(16)],
  ['the AI SDK', { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'bq', 'ai.toolCall.id': 'y' }, {}, 'bq', 'y'],
];
test.each(conventions)('a call of a tool by %s', (_, attributes, more, tool_name, execution_id) => {
  const [start, end] = eventsOf([spanWith(attributes, more)]);
  expect(start?.metadata).toMatchObject({ execution_id, tool_name });
  expect(end?.metadata).toMatchObject({
    execution_id,
    tool_name,
    status: 'success',
    error_message: null,
    bytes_billed: null,
    latency_ms: 1_500.5,
  });
});

test.each([
  [{ 'error.type': 'Timeout' }, {}, 'Timeout'],
  [{ 'error.type': 'Timeout', 'error.message': 'took too long' }, {}, 'took too long'],
  [{}, { status: { code: 2, message: 'denied' } }, 'denied'],
  [{}, { status: { code: 2, message: '' } }, 'failed'],
  [
    {},
    { status: { code: 2, message: '' }, events: [{ name: 'exception', attributes: { 'exception.message': 'boom' } }] },
    'boom',
  ],
] satisfies [Attributes, Partial<OtlpSpan>, string][])('a failure by %j %j says %s', (attributes, more, said) => {
  const [, end] = eventsOf([spanWith({ ...tool, ...attributes }, more)]);
  expect(end?.metadata).toMatchObject({ status: 'failure', error_message: said });
});

test.each([
  [{ 'gcp.bigquery.total_bytes_billed': 10_485_760 }, 10_485_760],
  [{ bytes_billed: '10485760' }, 10_485_760],
  [{ bytes_billed: -1 }, null],
  [{ bytes_billed: 'many' }, null],
])('bytes billed of %j are %s', (attributes, bytes) =>
  expect(eventsOf([spanWith({ ...tool, ...attributes })])[1]?.metadata?.bytes_billed).toBe(bytes),
);

const priced = newBook([bookEntry()]);

test('the repository, and what the model cost, stand beside a message', () => {
  const more = { 'vcs.repository.url.full': 'https://github.com/acme/shop', 'vcs.ref.head.revision': 'ABC' };
  const span = spanWith({ ...chat, ...more, 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 0 });
  const found = spanEvents(span, { session: 's', user: 'u' }, { receivedAt, keepContent: false, book: priced });
  expect(found).toMatchObject({
    events: [{ metadata: { cost_usd: 1, repo_url: 'https://github.com/acme/shop', commit_hash: 'abc' } }],
  });
});

test.each([
  ['gpt-4o', 1],
  ['a model without a price', 7],
])('a span that says its cost costs the same as in AI usage, by the prices first: %s', (model, cost_usd) => {
  const usage = { 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 0, 'gen_ai.usage.cost': 7 };
  const span = spanWith({ ...chat, 'gen_ai.request.model': model, ...usage });
  const found = spanEvents(span, { session: 's', user: 'u' }, { receivedAt, keepContent: false, book: priced });
  expect(found).toMatchObject({ events: [{ metadata: { cost_usd } }] });
});

const said: [sentence: string, attributes: Attributes, content: unknown][] = [
  [
    'messages by OpenTelemetry',
    {
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'first' }] },
        { role: 'assistant', parts: [] },
        { role: 'user', parts: [{ type: 'text', content: 'last' }] },
      ]),
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'answer' }] }],
    },
    {
      input: { role: 'user', parts: [{ type: 'text', content: 'last' }] },
      output: [{ role: 'assistant', parts: [{ type: 'text', content: 'answer' }] }],
    },
  ],
  [
    'messages by OpenLLMetry',
    {
      'gen_ai.prompt.0.role': 'system',
      'gen_ai.prompt.0.content': 'be kind',
      'gen_ai.prompt.1.role': 'user',
      'gen_ai.prompt.1.content': 'last',
      'gen_ai.prompt.2.role': 'tool',
      'gen_ai.prompt.2.content': '7',
      'gen_ai.completion.0.content': 'answer',
    },
    { input: 'last', output: 'answer' },
  ],
  [
    'messages by OpenInference',
    {
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'last',
      'llm.output_messages.0.message.content': 'answer',
    },
    { input: 'last', output: 'answer' },
  ],
  [
    'messages of the AI SDK',
    { 'ai.prompt.messages': '[{"role":"user","content":"last"}]', 'ai.response.text': 'answer' },
    { input: { role: 'user', content: 'last' }, output: 'answer' },
  ],
  [
    'text with what no store keeps',
    { 'input.value': 'a\0\ud800', 'output.value': 'b' },
    { input: 'a\ufffd\ufffd', output: 'b' },
  ],
];
test.each(said)('%s are kept where content is, and not else', (_, attributes, content) => {
  const span = spanWith({ ...chat, ...attributes });
  expect(eventsOf([span], true)[0]?.content).toEqual(content);
  expect(eventsOf([span])[0]?.content).toBeNull();
});

test('messages in an event of the span are found too', () => {
  const attributes = { 'gen_ai.output.messages': 'answer' };
  const events = [{ name: 'gen_ai.client.inference.operation.details', attributes }];
  expect(eventsOf([spanWith(chat, { events })], true)[0]?.content).toEqual({ output: 'answer' });
});

test('arguments and result of a tool are kept where content is, as JSON where they are', () => {
  const span = spanWith({
    ...tool,
    'gen_ai.tool.call.arguments': '{"sql":"SELECT 1"}',
    'gen_ai.tool.call.result': 'one',
  });
  expect(eventsOf([span], true).map(event => event.content)).toEqual([{ sql: 'SELECT 1' }, 'one']);
  expect(eventsOf([span]).map(event => event.content)).toEqual([null, null]);
});

test('content that is too long or too deep is cut, and can be stored', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  for (const text of [
    'é'.repeat(500_000),
    `["${'x'.repeat(500_000)}"]`,
    '"\\'.repeat(200_000),
    deep,
    '\u0001'.repeat(200_000),
  ]) {
    const [message] = eventsOf([spanWith({ ...chat, 'input.value': text, 'output.value': text })], true);
    expect(normalizeEvent(message, receivedAt)).toHaveProperty('row');
  }
});

test('spans that are neither a call of a tool nor a message are no part of it', () => {
  const others = ['invoke_agent', 'create_agent', 'embeddings'].map(name => ({
    'gen_ai.operation.name': name,
    'gen_ai.request.model': 'm',
  }));
  const all: Attributes[] = [{}, { 'http.request.method': 'GET' }, ...others];
  for (const attributes of all) expect(eventsOf([spanWith(attributes)])).toEqual([]);
});

test('times that cannot be kept are refused, a missing one is the time of receipt', () => {
  const hour = 3_600_000;
  expect(problemOf(spanWith(tool, { endMs: receivedAt.getTime() + 2 * hour }))).toMatchObject({
    field: 'endTimeUnixNano',
  });
  expect(problemOf(spanWith(tool, { startMs: 1 }))).toMatchObject({ field: 'startTimeUnixNano' });
  expect(problemOf(spanWith(tool, { spanId: '' }))).toMatchObject({ field: 'spanId' });
  expect(problemOf(spanWith({ ...chat, 'gen_ai.usage.input_tokens': -1 }))).toMatchObject({
    message: expect.stringContaining('negative'),
  });
  const [start] = eventsOf([spanWith(tool, { startMs: 0, endMs: 0 })]);
  expect(start?.event_timestamp).toBe('2026-11-27T12:00:00.000000Z');
});

test('sessions and users: its own, else those of its trace, else the trace and the program, else unknown', () => {
  const own = spanWith({ ...tool, 'session.id': 's-1', 'user.email': 'mia@acme.io' });
  const sibling = spanWith(tool, { spanId: 'c' });
  const alone = spanWith(tool, { traceId: 'd'.repeat(32) });
  const bare = spanWith(tool, { traceId: '', resource: {} });
  expect(spanOwners([sibling, own, alone, bare])).toEqual([
    { session: 's-1', user: 'mia@acme.io' },
    { session: 's-1', user: 'mia@acme.io' },
    { session: 'd'.repeat(32), user: 'shop-agent' },
    { session: 'unknown', user: 'unknown' },
  ]);
});
