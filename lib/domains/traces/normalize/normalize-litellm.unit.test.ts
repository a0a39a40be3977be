import { expect, test } from 'vitest';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import samples from '@/lib/domains/traces/normalize/samples/litellm.json';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';

const facts = { receivedAt: new Date('2026-11-27T12:00:00Z'), repoSlug: null };
type Name = keyof typeof samples;

function rowOf(name: Name, changes: object = {}): TraceRow {
  const result = normalizeRecord({ ...samples[name], ...changes }, facts);
  if (!('row' in result)) throw new Error(JSON.stringify(result.problems));
  return result.row;
}
const problemsOf = (name: Name, changes: object) => {
  const result = normalizeRecord({ ...samples[name], ...changes }, facts);
  return 'problems' in result ? result.problems : [];
};

test('what LiteLLM sends of a request becomes its row', () => {
  expect(rowOf('success-openai-gpt-4o')).toEqual({
    session_id: 'sess-1',
    developer_id: 'dev@example.com',
    timestamp: '2026-11-27T02:07:49.531780+00:00',
    model: 'openai/gpt-4o',
    tokens_in: 10,
    tokens_out: 20,
    latency_ms: 128.994,
    status_code: 200,
    accepted_flag: 0,
    repo_slug: null,
    event_date: '2026-11-27',
    total_tokens: 30,
    cost_usd: 0.00035000000000000005,
    diff_ratio: null,
    accepted_lines: null,
    trace_hash: expect.stringMatching(/^[\da-f]{40}$/),
    source: 'litellm',
    provider: 'openai',
    operation: 'chat',
    trace_id: 'sess-1',
    span_id: 'f5490e05-629a-4131-8218-6a9ec1ddcb49',
    branch: null,
    team: null,
    tags: 'team-a',
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0,
    reported_cost_usd: 0.00022500000000000002,
    from_cache: false,
    is_stream: false,
    first_token_ms: null,
    error_code: null,
    error_message: null,
    timestamp_assumed: false,
    received_at: '2026-11-27T12:00:00.000Z',
  });
});

test.each<[Name, Partial<TraceRow>]>([
  [
    'success-unknown-model',
    { model: 'openai/some-unknown-model', reported_cost_usd: null, cost_usd: 0.00030000000000000003 },
  ],
  ['success-anthropic-claude-sonnet-4', { model: 'anthropic/claude-sonnet-4-20250514', reported_cost_usd: null }],
  [
    'success-bedrock-claude-3-sonnet',
    { model: 'bedrock/anthropic.claude-3-sonnet-20240229-v1:0', provider: 'bedrock' },
  ],
  ['success-azure-gpt-4o', { model: 'azure/gpt-4o', provider: 'azure' }],
  ['success-vertex-gemini-2.5-flash', { model: 'vertex_ai/gemini-2.5-flash', provider: 'vertex_ai' }],
  ['metadata-router', { model: 'anthropic/claude-opus-4-5', repo_slug: 'R', is_stream: false }],
  [
    'failure-rate-limit',
    {
      status_code: 429,
      error_code: 'RateLimitError',
      error_message: 'litellm.RateLimitError: this is a mock rate limit error',
      total_tokens: 0,
      cost_usd: 0,
      reported_cost_usd: null,
    },
  ],
  ['failure-context-window', { status_code: 400, error_code: 'ContextWindowExceededError' }],
  ['failure-exception', { status_code: 500, error_code: 'InternalServerError' }],
  ['stream-include-usage', { is_stream: true, first_token_ms: 12.293, latency_ms: 28.425, tokens_in: 9 }],
  [
    'cached-anthropic-read-and-write',
    { tokens_in: 1000, cache_read_tokens: 600, cache_write_tokens: 300, cache_write_1h_tokens: 0, tokens_out: 50 },
  ],
  ['cached-openai', { tokens_in: 1000, cache_read_tokens: 800, cache_write_tokens: 0, reported_cost_usd: 0.002 }],
  ['reasoning-o3', { tokens_out: 500, reasoning_tokens: 400 }],
  ['embedding', { operation: 'embeddings', tokens_in: 10, tokens_out: 0, total_tokens: 10 }],
  ['metadata-md_spend', { developer_id: 'D', repo_slug: 'R' }],
  ['metadata-md_requester', { developer_id: 'D', repo_slug: 'R' }],
  ['metadata-md_userkey', { developer_id: 'D@x', team: 'T' }],
  ['metadata-session_md', { session_id: 'S', trace_id: 'S' }],
  ['metadata-tags', { developer_id: 'D', repo_slug: 'R', tags: 'repo:R,dev:D' }],
])('of %s the row has what it says', (name, expected) => {
  expect(rowOf(name)).toMatchObject(expected);
});

test('prompts, answers and tracebacks are in no row', () => {
  for (const name of Object.keys(samples) as Name[]) {
    const text = JSON.stringify(rowOf(name));
    expect(text).not.toMatch(/Say hi|Hello there|File .PATH|mock_completion/);
  }
});

test('a cost of 0 counts only where LiteLLM answered from its own cache', () => {
  expect(rowOf('success-openai-gpt-4o', { response_cost: 0, cache_hit: true })).toMatchObject({
    reported_cost_usd: 0,
    from_cache: true,
  });
  expect(rowOf('success-openai-gpt-4o', { response_cost: 0 }).reported_cost_usd).toBeNull();
});

test('the first token counts in a stream only', () => {
  const earlier = { completionStartTime: 1_795_745_269 };
  expect(rowOf('success-openai-gpt-4o', earlier).first_token_ms).toBeNull();
  expect(problemsOf('stream-include-usage', earlier)).toEqual([{ code: 'negative', field: 'completionStartTime' }]);
});

test('tokens written to the cache for an hour are told from those for 5 minutes', () => {
  const usage = {
    prompt_tokens: 1000,
    cache_creation_input_tokens: 300,
    prompt_tokens_details: { cache_creation_token_details: { ephemeral_1h_input_tokens: 100 } },
  };
  expect(rowOf('cached-openai', { metadata: { usage_object: usage } })).toMatchObject({
    cache_write_tokens: 200,
    cache_write_1h_tokens: 100,
  });
});

test('the session in the name of a user of Claude Code is the session, and the user is the same in each', () => {
  const session = '6f1c1d2e-0f6b-4a39-9d0c-1f1e2d3c4b5a';
  const row = rowOf('success-openai-gpt-4o', {
    trace_id: 'ff2f4f0e-6f3a-4f0a-8d3c-7c8d5e4f3a2b',
    model_parameters: {},
    end_user: `user_abc123_account__session_${session}`,
  });
  expect(row).toMatchObject({ session_id: session, developer_id: 'user_abc123' });
});

test('a secret that a provider repeats in its error is not kept, and a message has at most 500 signs', () => {
  const secret = ['sk', 'proj', 'abcdefghijklmnopqrstuvwxyz'].join('-');
  const row = rowOf('failure-rate-limit', {
    error_information: {
      error_code: '401',
      error_message: `Incorrect API key provided: ${secret}. ${'x'.repeat(900)}`,
    },
  });
  expect(row.error_message).toContain('Incorrect API key provided: [secret].');
  expect(row.error_message).toHaveLength(500);
  expect(row).toMatchObject({ status_code: 401, error_code: '401' });
});

test.each<[object, { code: string; field: string }[]]>([
  [{ prompt_tokens: -1 }, [{ code: 'negative', field: 'prompt_tokens' }]],
  [{ prompt_tokens: 1.5 }, [{ code: 'not_whole', field: 'prompt_tokens' }]],
  [{ prompt_tokens: '10' }, [{ code: 'wrong_type', field: 'prompt_tokens' }]],
  [{ completion_tokens: 2 ** 53 }, [{ code: 'out_of_range', field: 'completion_tokens' }]],
  [{ response_cost: Number.POSITIVE_INFINITY }, [{ code: 'not_a_number', field: 'response_cost' }]],
  [{ startTime: 1e12 }, [{ code: 'not_a_time', field: 'startTime' }]],
  [{ startTime: 'yesterday' }, [{ code: 'not_a_time', field: 'startTime' }]],
  [{ startTime: true }, [{ code: 'wrong_type', field: 'startTime' }]],
  [{ endTime: 1_795_745_269 }, [{ code: 'negative', field: 'endTime' }]],
  [{ metadata: 'none' }, [{ code: 'wrong_type', field: 'metadata' }]],
  [{ model: { name: 'gpt' } }, [{ code: 'wrong_type', field: 'model' }]],
  [{ model: '', model_group: '', prompt_tokens: 0, completion_tokens: 0 }, [{ code: 'no_usage', field: '' }]],
  [
    { prompt_tokens: -1, completion_tokens: 'x', startTime: -5 },
    [
      { code: 'not_a_time', field: 'startTime' },
      { code: 'negative', field: 'prompt_tokens' },
      { code: 'wrong_type', field: 'completion_tokens' },
    ],
  ],
])('%j is refused with its code and field', (changes, problems) => {
  expect(problemsOf('success-openai-gpt-4o', changes)).toEqual(problems);
});

test('what senders put into their own metadata never refuses a record', () => {
  const metadata = { spend_logs_metadata: { developer_id: { id: 1 }, repo: ['x'] }, requester_metadata: 'text' };
  expect(rowOf('success-openai-gpt-4o', { metadata })).toMatchObject({
    developer_id: 'dev@example.com',
    repo_slug: null,
  });
  const odd = { accepted_lines: 'three', diff_ratio: 2, accepted_flag: 'yes', repo_slug: 'acme/shop' };
  const own = { spend_logs_metadata: odd, requester_metadata: { accepted_lines: '3', diff_ratio: -1 } };
  expect(rowOf('success-openai-gpt-4o', { metadata: own, model_parameters: { stream: 'on' } })).toMatchObject({
    accepted_lines: 3,
    diff_ratio: null,
    accepted_flag: 0,
    repo_slug: 'acme/shop',
  });
});
