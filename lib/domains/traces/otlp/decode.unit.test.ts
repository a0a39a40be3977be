import { expect, test } from 'vitest';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { OtlpError } from '@/lib/domains/traces/otlp/span';

const pythonBody = Buffer.from(samples.pythonProtobuf, 'base64');
const json = (body: unknown) => decodeOtlp(Buffer.from(JSON.stringify(body)), 'json');

const reasonOf = (bytes: Buffer, encoding: 'protobuf' | 'json'): string => {
  try {
    decodeOtlp(bytes, encoding);
    return 'none';
  } catch (error) {
    return error instanceof OtlpError ? error.reason : `${error}`;
  }
};

test('what Python’s exporter sends as protobuf is read whole', () => {
  const spans = decodeOtlp(pythonBody, 'protobuf');
  expect(spans.map(span => span.name)).toEqual([
    'chat gpt-4o',
    'chat old',
    'execute_tool bq_list_tables',
    'execute_tool bad',
    'invoke_agent helper',
  ]);
  expect(spans[0]).toEqual({
    traceId: '2ffc83265faec26a189f8d0003737c51',
    spanId: 'e7aafaa39bf2348d',
    parentSpanId: '9b9b290afaeaa5e7',
    name: 'chat gpt-4o',
    startMs: 1_795_745_353_515.739,
    endMs: 1_795_745_353_515.751,
    status: { code: 0, message: '' },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.response.id': 'resp-1',
      'gen_ai.conversation.id': 'conv-1',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 50,
      'gen_ai.usage.cache_read.input_tokens': 800,
      'gen_ai.usage.cache_creation.input_tokens': 0,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.request.temperature': 0.2,
      'vcs.repository.url.full': 'https://github.com/octo/repo',
    },
    resource: expect.objectContaining({ 'service.name': 'agent-py', 'telemetry.sdk.language': 'python' }),
    events: [],
  });
  expect(spans[3]).toMatchObject({
    status: { code: 2, message: 'took too long' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'TimeoutError' } }],
  });
});

test.each([
  ['this year’s', samples.nodeJson],
  ['the older', samples.olderNodeJson],
])('what %s exporter of Node sends as JSON is read whole', (_, body) => {
  const spans = json(body);
  expect(spans).toHaveLength(3);
  expect(spans[0]).toMatchObject({
    traceId: expect.stringMatching(/^[\da-f]{32}$/),
    spanId: expect.stringMatching(/^[\da-f]{16}$/),
    attributes: { 'gen_ai.usage.input_tokens': 1000, ratio: 0.5, whole: 5, flag: true },
    resource: { 'service.name': 'agent-node' },
  });
});

test('names as in the schema, numbers as text, and fields that came later are read alike', () => {
  const span = {
    trace_id: 'AB'.repeat(16),
    span_id: 'CD'.repeat(8),
    start_time_unix_nano: '1795745821628123456',
    attributes: [
      { key: 'n', value: { int_value: '12' } },
      { key: 'big', value: { intValue: '9007199254740993' } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } } },
      { key: '__proto__', value: { kvlistValue: { values: [] } } },
      { key: 'later', value: { laterValue: 1 } },
    ],
    status: { code: 'STATUS_CODE_ERROR' },
    later: {},
  };
  const [read] = json({ resource_spans: [{ scope_spans: [{ spans: [span] }] }], later: 1 });
  expect(read).toMatchObject({
    traceId: 'ab'.repeat(16),
    startMs: 1_795_745_821_628.123,
    status: { code: 2 },
    attributes: { n: 12, big: 9_007_199_254_740_992, map: { a: true }, later: null },
  });
  expect(Object.keys(read!.attributes)).not.toContain('__proto__');
});

test('a body that is no request is unreadable, and no beginning of one passes for the whole', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '5',
    '{"resourceSpans":5}',
    '{"resourceSpans":[5]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[5]}]}]}',
  ]) {
    expect(reasonOf(Buffer.from(text), 'json')).toBe('unreadable');
  }
  expect(reasonOf(Buffer.from('{"resourceSpans":[]}'), 'protobuf')).toBe('unreadable');
  for (let length = 1; length < pythonBody.length; length += 1) {
    expect(reasonOf(pythonBody.subarray(0, length), 'protobuf')).toBe('unreadable');
  }
  expect(decodeOtlp(Buffer.alloc(0), 'protobuf')).toEqual([]);
});

test('bytes that are turned over throw nothing but that they are unreadable', () => {
  for (let at = 0; at < pythonBody.length; at += 1) {
    for (const bit of [1, 8, 64, 255]) {
      const bytes = Buffer.from(pythonBody);
      bytes[at]! ^= bit;
      expect(['none', 'unreadable', 'too_many_spans']).toContain(reasonOf(bytes, 'protobuf'));
    }
  }
});

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}
/** A field of a message that holds bytes or a message. */
const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

/** Lists in lists; 24 is the tag of a whole number. */
function nestedLists(levels: number): Buffer {
  let value: Buffer = Buffer.from([24, 1]);
  for (let level = 0; level < levels; level += 1) value = field(5, field(1, value));
  return value;
}

test('values nested without end and spans without number cost little', () => {
  const attribute = field(9, Buffer.concat([field(1, Buffer.from('deep')), field(2, nestedLists(5_000))]));
  const body = field(1, field(2, field(2, attribute)));
  expect(JSON.stringify(decodeOtlp(body, 'protobuf')[0]?.attributes)).toBe('{"deep":[[[[[[[[null]]]]]]]]}');
  const many = field(1, field(2, Buffer.concat(Array.from({ length: 20_001 }, () => field(2, Buffer.alloc(0))))));
  expect(reasonOf(many, 'protobuf')).toBe('too_many_spans');
});
