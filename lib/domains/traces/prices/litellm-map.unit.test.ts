import { expect, test } from 'vitest';
import { readLitellmMap } from '@/lib/domains/traces/prices/litellm-map';

const model = (litellm_provider: string, more: object = {}) => ({
  litellm_provider,
  mode: 'chat',
  input_cost_per_token: 3e-6,
  output_cost_per_token: 1.5e-5,
  ...more,
});
const figures = { input_usd: 3, output_usd: 15, cache_read_usd: null, cache_write_usd: null };
const open = { cache_write_1h_usd: null, reasoning_usd: null };

test('dollars a token become dollars a million, without dust, for every kind of token', () => {
  const read = readLitellmMap({
    'claude-x': model('anthropic', {
      input_cost_per_token: 1.5e-7,
      output_cost_per_token: 6e-7,
      cache_read_input_token_cost: 1.1e-8,
      cache_creation_input_token_cost: 1.875e-7,
      cache_creation_input_token_cost_above_1hr: 3e-7,
      output_cost_per_reasoning_token: 7e-7,
    }),
  });
  expect(read?.prices).toEqual([
    {
      provider: 'anthropic',
      model: 'claude-x',
      input_usd: 0.15,
      output_usd: 0.6,
      cache_read_usd: 0.011,
      cache_write_usd: 0.1875,
      cache_write_1h_usd: 0.3,
      reasoning_usd: 0.7,
    },
  ]);
});

test.each([
  ['gemini/gemini-x', 'gemini', { provider: 'gemini', model: 'gemini-x' }],
  ['gemini-x', 'vertex_ai-language-models', { provider: 'vertex_ai', model: 'gemini-x' }],
  ['vertex_ai/claude-x@20260101', 'vertex_ai-anthropic_models', { provider: 'vertex_ai', model: 'claude-x@20260101' }],
  ['us.anthropic.claude-x-v1:0', 'bedrock_converse', { provider: 'bedrock', model: 'us.anthropic.claude-x-v1:0' }],
  ['bedrock/us-east-1/meta.llama', 'bedrock', { provider: 'bedrock', model: 'us-east-1/meta.llama' }],
  ['openrouter/anthropic/claude-x', 'openrouter', { provider: 'openrouter', model: 'anthropic/claude-x' }],
])('%s of %s is named as the book names it', (name, provider, expected) => {
  expect(readLitellmMap({ [name]: model(provider) })?.prices).toMatchObject([expected]);
});

test('what has no price per token is left out and counted, a price of 0 apart, and the sample is no model', () => {
  const read = readLitellmMap({
    sample_spec: model('one of https://docs.litellm.ai/docs/providers'),
    'claude-x': model('anthropic'),
    'free-x': model('ollama', { input_cost_per_token: 0, output_cost_per_token: 0 }),
    'image-x': { litellm_provider: 'openai', output_cost_per_image: 0.04 },
    'text-x': model('openai', { input_cost_per_token: '3e-6' }),
    'nobody-x': { input_cost_per_token: 3e-6 },
    'odd-x': null,
  });
  expect(read).toEqual({
    prices: [{ provider: 'anthropic', model: 'claude-x', ...figures, ...open }],
    unpriced: 4,
    free: 1,
    doubled: 0,
  });
});

test('an embedding costs nothing for its output', () => {
  const read = readLitellmMap({ 'embed-x': model('openai', { output_cost_per_token: undefined }) });
  expect(read?.prices).toMatchObject([{ input_usd: 3, output_usd: 0 }]);
});

test('of two names of one model the first counts, and a difference is told', () => {
  const read = readLitellmMap({
    'deepseek-x': model('deepseek'),
    'deepseek/deepseek-x': model('deepseek', { input_cost_per_token: 4e-6 }),
    'xai/grok-x': model('xai'),
    'grok-x': model('xai'),
  });
  expect(read?.prices.map(({ model: name, input_usd }) => [name, input_usd])).toEqual([
    ['deepseek-x', 3],
    ['grok-x', 3],
  ]);
  expect(read?.doubled).toBe(1);
});

test.each([[null], [[]], ['text'], [{}], [{ a: 1 }], [{ sample_spec: model('openai') }]])('%j is no map', map => {
  expect(readLitellmMap(map)).toBeNull();
});
