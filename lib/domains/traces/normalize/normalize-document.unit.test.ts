import { expect, test } from 'vitest';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';

const receivedAt = new Date('2026-11-27T12:00:00.5Z');

function rowOf(record: unknown, repoSlug: string | null = null): TraceRow {
  const result = normalizeRecord(record, { receivedAt, repoSlug });
  if (!('row' in result)) throw new Error(JSON.stringify(result.problems));
  return result.row;
}

const example = {
  session_id: 'abc123',
  developer_id: 'dev@example.com',
  timestamp: '2025-10-12T19:00:00+00:00',
  model: 'anthropic/claude-3-5-sonnet-20241022',
  tokens_in: 250,
  tokens_out: 150,
  latency_ms: 1234.5,
  status_code: 200,
  accepted_flag: 0,
  repo_slug: 'owner/repo',
};

test("the document's example has the document's cost, sum and day", () => {
  expect(rowOf(example)).toMatchObject({
    ...example,
    total_tokens: 400,
    cost_usd: 0.004,
    event_date: '2025-10-12',
    provider: 'anthropic',
    diff_ratio: null,
    accepted_lines: null,
    // By Python: hashlib.sha1(json.dumps(payload, sort_keys=True).encode()).hexdigest().
    trace_hash: 'eb66c01a0c3554612eba1daf08295f6f1f8f1ce8',
    timestamp_assumed: false,
  });
});

test('the empty record has the defaults, the time of receipt and a note of that', () => {
  expect(rowOf({})).toMatchObject({
    session_id: null,
    developer_id: null,
    timestamp: '2026-11-27T12:00:00.500000+00:00',
    model: null,
    tokens_in: 0,
    tokens_out: 0,
    latency_ms: 0,
    status_code: null,
    accepted_flag: 0,
    repo_slug: null,
    event_date: '2026-11-27',
    total_tokens: 0,
    cost_usd: 0,
    source: 'document',
    timestamp_assumed: true,
  });
});

test.each<[unknown, Partial<TraceRow>]>([
  [{ timestamp: '2026-11-26T23:30:00-02:00' }, { event_date: '2026-11-27', timestamp: '2026-11-27T01:30:00+00:00' }],
  [{ timestamp: '2026-11-26T23:30:00.1Z' }, { timestamp: '2026-11-26T23:30:00.100000+00:00' }],
  [{ timestamp: '2026-11-26 23:30:00' }, { timestamp: '2026-11-26T23:30:00+00:00' }],
  [{ timestamp: 1_795_745_269.53178 }, { timestamp: '2026-11-27T02:07:49.531780+00:00' }],
  [
    { metadata: { session_id: 's', developer_id: 'd', repo_slug: 'o/n' } },
    { session_id: 's', developer_id: 'd', repo_slug: 'o/n' },
  ],
  [{ session_id: 'own', metadata: { session_id: 'other' } }, { session_id: 'own' }],
  [{ attributes: { model: 'openai/gpt-4o' } }, { model: 'openai/gpt-4o', provider: 'openai' }],
  [{ attributes: { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.system': 'openai' } }, { model: 'openai/gpt-4o' }],
  [{ usage: { prompt_tokens: 5, completion_tokens: 7 } }, { tokens_in: 5, tokens_out: 7, total_tokens: 12 }],
  [
    { usage: { input_tokens: 5, output_tokens: 7, input_tokens_details: { cached_tokens: 3 } } },
    { tokens_in: 5, cache_read_tokens: 3 },
  ],
  [
    {
      usage: {
        input_tokens: 50,
        output_tokens: 7,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_1h_input_tokens: 5 },
      },
    },
    { tokens_in: 100, cache_read_tokens: 30, cache_write_tokens: 15, cache_write_1h_tokens: 5 },
  ],
  [
    { accepted_flag: true, accepted_lines: 42, diff_ratio: 0.75 },
    { accepted_flag: 1, accepted_lines: 42, diff_ratio: 0.75 },
  ],
  [{ accepted_flag: 1 }, { accepted_flag: 1, accepted_lines: null, diff_ratio: null }],
  [{ developer_id: 42 }, { developer_id: '42' }],
  [
    { latency_ms: -0, tokens_in: -0 },
    { latency_ms: 0, tokens_in: 0 },
  ],
  [{ model: 'a\u0000b\ud800 ' }, { model: 'a b\ufffd' }],
  [{ timestamp: '' }, { timestamp_assumed: true }],
  [
    { tokens_in: 5, metadata: { status_code: '200', accepted_flag: 'yes' } },
    { status_code: 200, accepted_flag: 0 },
  ],
  [{ metadata: { diff_ratio: '0.5', accepted_lines: -1 } }, { diff_ratio: 0.5, accepted_lines: null }],
])('%j gives %j', (record, expected) => {
  expect(rowOf(record)).toMatchObject(expected);
});

test('the repository of the call fills what a record does not say, and only that', () => {
  expect(rowOf({ model: 'm' }, 'https://github.com/o/n.git').repo_slug).toBe('o/n');
  expect(rowOf(example, 'other/repo').repo_slug).toBe('owner/repo');
});

test.each([
  ['text', 'not_an_object', ''],
  [null, 'not_an_object', ''],
  [[{}], 'not_an_object', ''],
  [{ unknown: 1 }, 'no_usage', ''],
  [{ timestamp: '1969-12-31T23:59:59Z' }, 'not_a_time', 'timestamp'],
  [{ timestamp: '2107-01-01T00:00:00Z' }, 'not_a_time', 'timestamp'],
  [{ timestamp: '2026-02-30' }, 'not_a_time', 'timestamp'],
  [{ timestamp: [] }, 'wrong_type', 'timestamp'],
  [{ tokens_in: 9_007_199_254_740_993n as unknown }, 'wrong_type', 'tokens_in'],
  [JSON.parse('{"tokens_in": 9007199254740993}'), 'out_of_range', 'tokens_in'],
  [JSON.parse('{"latency_ms": 1e400}'), 'not_a_number', 'latency_ms'],
  [{ latency_ms: -1 }, 'negative', 'latency_ms'],
  [{ status_code: 99 }, 'out_of_range', 'status_code'],
  [{ status_code: '200' }, 'wrong_type', 'status_code'],
  [{ diff_ratio: 1.01 }, 'out_of_range', 'diff_ratio'],
  [{ accepted_lines: -1 }, 'negative', 'accepted_lines'],
  [{ accepted_flag: 2 }, 'wrong_type', 'accepted_flag'],
  [{ usage: 5 }, 'wrong_type', 'usage'],
  [{ attributes: { 'gen_ai.usage.input_tokens': -5 } }, 'negative', 'attributes.gen_ai.usage.input_tokens'],
  [{ attributes: { latency_ms: '12' } }, 'wrong_type', 'attributes.latency_ms'],
  [{ tokens_in: Number.MAX_SAFE_INTEGER, tokens_out: 1 }, 'out_of_range', 'total_tokens'],
])('%o is refused as %s at %j', (record, code, field) => {
  const result = normalizeRecord(record, { receivedAt, repoSlug: null });
  expect(result).toEqual({ problems: [{ code, field }] });
});
