/** LiteLLM's own map of prices in the operator's book: what is taken of it, and that requests cost here what LiteLLM says they cost. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { operator } from '@/dev/testing/operator';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { traceRow } from '@/dev/testing/traces/rows';
import { createWorld } from '@/dev/testing/world';
import { listPricesOf } from '@/lib/domains/traces/prices/first-book';
import { readLitellmMap } from '@/lib/domains/traces/prices/litellm-map';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { bookBegins } from '@/lib/domains/traces/prices/price-input';
import { bookPrice } from '@/lib/domains/traces/prices/priced';
import { bookEntry, readBook } from '@/lib/domains/traces/prices/read-book';
import { newPrice } from '@/lib/domains/traces/prices/stored-price';

const sold = {
  openai: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-5', 'o3'],
  anthropic: ['claude-sonnet-4-5', 'claude-haiku-4-5-20251001', 'claude-opus-4-5', 'claude-opus-5-5'],
  gemini: ['gemini-2.5-pro', 'gemini-2.5-flash'],
  mistral: ['mistral-large-latest'],
  deepseek: ['deepseek-chat'],
  bedrock: ['anthropic.claude-sonnet-4-20250514-v1:0'],
  azure: ['gpt-4o'],
};
const none = { tokens_in: 1_000, tokens_out: 500, cache_read_tokens: 0, cache_write_tokens: 0, reasoning_tokens: 0 };
const kinds = [
  { kind: 'plain', ...none },
  { kind: 'cached', ...none, cache_read_tokens: 600 },
  { kind: 'reasoning', ...none, reasoning_tokens: 300 },
];
/** Who writes a cache at a price of its own. */
const writing = { kind: 'writing a cache', ...none, cache_read_tokens: 600, cache_write_tokens: 200 };
const requests = Object.entries(sold).flatMap(([provider, models]) => {
  const ofProvider = provider === 'anthropic' || provider === 'bedrock' ? [...kinds, writing] : kinds;
  return models.flatMap(model => ofProvider.map(request => ({ provider, model, ...request })));
});

/** Models of the list that the map has no longer at Anthropic, and by what names it has them elsewhere. */
const elsewhere: Record<string, readonly [provider: string, model: string]> = {
  'claude-3-haiku': ['vercel_ai_gateway', 'anthropic/claude-3-haiku'],
  'claude-3-sonnet': ['vertex_ai', 'claude-3-sonnet@20240229'],
  'claude-3-opus': ['bedrock', 'anthropic.claude-3-opus-20240229-v1:0'],
  'claude-3-5-haiku': ['bedrock', 'anthropic.claude-3-5-haiku-20241022-v1:0'],
  'claude-3-5-sonnet': ['bedrock', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
  'claude-3-7-sonnet': ['bedrock', 'anthropic.claude-3-7-sonnet-20250219-v1:0'],
  'claude-sonnet-4': ['bedrock', 'anthropic.claude-sonnet-4-20250514-v1:0'],
  'claude-opus-4': ['bedrock', 'anthropic.claude-opus-4-20250514-v1:0'],
  'claude-opus-4-1': ['bedrock', 'anthropic.claude-opus-4-1-20250805-v1:0'],
};

type Said = { map: string; costs: number[] };
let said: Said;
let map: Record<string, Record<string, unknown>>;
// The book is everybody's.
let drop: () => Promise<void>;
beforeAll(async () => {
  drop = await useOwnDatabase();
  const python = await clientVenv('litellm', 'lib/edge/v1/traces/clients/litellm-requirements.txt');
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' };
  const script = 'lib/cli/litellm-costs.py';
  const run = promisify(execFile)(python, [script, JSON.stringify(requests)], { cwd: checkoutDir, env });
  said = JSON.parse((await run).stdout) as Said;
  map = JSON.parse(await readFile(said.map, 'utf8')) as typeof map;
}, 600_000);
afterAll(() => drop());

test('every model of the map that has a price per token is taken once; the others are told apart', async () => {
  const models = Object.entries(map).filter(([name]) => name !== 'sample_spec');
  const isPriced = (model: Record<string, unknown>) =>
    typeof model.input_cost_per_token === 'number' && typeof model.litellm_provider === 'string';
  const isFree = (model: Record<string, unknown>) => !model.input_cost_per_token && !model.output_cost_per_token;
  const priced = models.filter(([, model]) => isPriced(model));
  const free = priced.filter(([, model]) => isFree(model)).length;
  const first = await operator('traces', 'prices', 'import', said.map);
  expect(first).toMatchObject({ code: 0, err: '' });
  const [, taken = ''] = / (\d+) models with a price/.exec(first.out) ?? [];
  expect(first.out).toContain(`${models.length - priced.length} without one per token, ${free} with one of 0`);
  // Some stand in the map with their seller in front and without.
  expect(Number(taken)).toBeLessThanOrEqual(priced.length - free);
  expect(Number(taken)).toBeGreaterThan(0.9 * (priced.length - free));
  expect(first.out).toContain(`${taken} new models, 0 changed prices, 0 as they were`);
  const again = await operator('traces', 'prices', 'import', said.map);
  expect(again.out).toContain(`0 new models, 0 changed prices, ${taken} as they were`);
  const { customerId } = await createWorld();
  expect(await readBook(customerId)).toHaveLength(Number(taken));
  console.log(`${models.length} models:\n${first.out}`);
});

test('requests cost by the book what LiteLLM’s completion_cost says: plain, cached, reasoning', async () => {
  const { customerId } = await createWorld();
  const book = newBook(await readBook(customerId));
  for (const [index, { kind, provider, model, ...tokens }] of requests.entries()) {
    const row = traceRow({ provider, model, event_date: '2026-11-01', ...tokens });
    const { book_cost_usd: cost } = bookPrice(row, book);
    expect(said.costs[index], `${model}, ${kind}`).toBeGreaterThan(0);
    expect(cost, `${model} of ${provider}, ${kind}`).toBeCloseTo(said.costs[index] ?? Number.NaN, 12);
  }
});

test('the list prices of this version are those of the map', () => {
  const about = {
    customerId: null,
    effectiveFrom: bookBegins,
    origin: 'litellm',
    createdAt: new Date(),
    createdBy: 'test',
  } as const;
  const read = readLitellmMap(map)?.prices ?? [];
  const book = newBook(read.map(price => bookEntry(newPrice(price, about))));
  for (const { provider, model, ...figures } of listPricesOf().prices) {
    const [seller, name] = (provider === 'anthropic' ? elsewhere[model] : undefined) ?? [provider, model];
    const rates = priceOn(book, seller, name, '2026-11-01')?.rates;
    expect(rates, `${model} of ${provider}`).toMatchObject({ input: figures.input_usd, output: figures.output_usd });
    if (figures.cache_read_usd !== null) expect(rates?.cacheRead, model).toBe(figures.cache_read_usd);
  }
});
