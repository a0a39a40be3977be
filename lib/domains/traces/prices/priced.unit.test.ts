import { describe, expect, it } from 'vitest';
import { bookEntry } from '@/dev/testing/traces/book-entry';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { type BookEntry, newBook } from '@/lib/domains/traces/prices/price-book';
import { priced } from '@/lib/domains/traces/prices/priced';

const million = 1_000_000;

const row: TraceRow = {
  session_id: 's-1',
  developer_id: 'dev@example.com',
  timestamp: '2026-03-10T09:00:00+00:00',
  model: 'anthropic/claude-x',
  tokens_in: million,
  tokens_out: million,
  latency_ms: 900,
  status_code: 200,
  accepted_flag: 0,
  repo_slug: 'acme/web',
  event_date: '2026-03-10',
  total_tokens: 2 * million,
  cost_usd: 20,
  diff_ratio: null,
  accepted_lines: null,
  trace_hash: 'a'.repeat(40),
  source: 'litellm',
  provider: 'anthropic',
  operation: 'chat',
  trace_id: null,
  span_id: null,
  branch: null,
  team: null,
  tags: null,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  reasoning_tokens: 0,
  reported_cost_usd: null,
  from_cache: false,
  is_stream: false,
  first_token_ms: null,
  error_code: null,
  error_message: null,
  timestamp_assumed: false,
  received_at: '2026-03-10T09:00:01.000Z',
};

const entry = (priceId: string, given: Partial<BookEntry> = {}): BookEntry =>
  bookEntry({
    ...{ priceId, provider: 'anthropic', model: 'claude-x' },
    ...{ effectiveFrom: '2026-01-01', inputUsd: 4, outputUsd: 20 },
    ...given,
  });

type Case = { says: string; row?: Partial<TraceRow>; book?: BookEntry[]; costs: number | null; by?: string | null };

/** The first book of each case unless it brings its own: 4 dollars in, 20 out. */
const book = [entry('p1')];

const tokenCases: Case[] = [
  { says: 'input and output each have their rate', costs: 24 },
  { says: 'nothing sent and nothing answered costs nothing', row: { tokens_in: 0, tokens_out: 0 }, costs: 0 },
  {
    says: 'a failure without tokens costs 0 where the model has a price',
    row: { tokens_in: 0, tokens_out: 0, status_code: 429, error_code: 'RateLimitError' },
    costs: 0,
  },
  {
    says: 'cached input is part of the input and is not billed twice',
    row: { tokens_out: 0, cache_read_tokens: million / 2 },
    book: [entry('p1', { cacheReadUsd: 0.4 })],
    costs: 2.2,
  },
  {
    says: 'cached input costs what input costs where the book says no other',
    row: { tokens_out: 0, cache_read_tokens: million / 2 },
    costs: 4,
  },
  {
    says: 'writing to the cache for 5 minutes costs 1.25 times the input',
    row: { tokens_out: 0, cache_write_tokens: million },
    costs: 5,
  },
  {
    says: 'writing to the cache for an hour costs twice the input',
    row: { tokens_out: 0, cache_write_1h_tokens: million },
    costs: 8,
  },
  {
    says: 'what the book says of writing to the cache goes before the factors',
    row: { tokens_out: 0, cache_write_tokens: million / 2, cache_write_1h_tokens: million / 2 },
    book: [entry('p1', { cacheWriteUsd: 6, cacheWrite1hUsd: 10 })],
    costs: 8,
  },
  {
    says: 'reasoning costs what output costs where the book says no other',
    row: { tokens_in: 0, reasoning_tokens: million / 2 },
    costs: 20,
  },
  {
    says: 'reasoning is part of the output and is not billed twice',
    row: { tokens_in: 0, reasoning_tokens: million / 2 },
    book: [entry('p1', { reasoningUsd: 60 })],
    costs: 40,
  },
  {
    says: 'a sender that counts cached input beside the input is billed no negative input',
    row: { tokens_in: 0, tokens_out: 0, cache_read_tokens: million },
    book: [entry('p1', { cacheReadUsd: 0.4 })],
    costs: 0.4,
  },
  { says: "an answer from the sender's own cache costs nothing", row: { from_cache: true }, costs: 0 },
  {
    says: "an answer from the sender's own cache costs nothing also where the model has no price",
    row: { from_cache: true, model: 'unheard-of' },
    costs: 0,
    by: null,
  },
  { says: 'a price of 0 in the book is a price', book: [entry('p1', { inputUsd: 0, outputUsd: 0 })], costs: 0 },
];

const nameCases: Case[] = [
  { says: 'a model that is not in the book has no price', row: { model: 'unheard-of' }, costs: null, by: null },
  { says: 'a request without a model has no price', row: { model: null }, costs: null, by: null },
  {
    says: 'a failure without tokens has no price where the model has none',
    row: { model: 'unheard-of', tokens_in: 0, tokens_out: 0 },
    costs: null,
    by: null,
  },
  { says: 'a model is known without its provider in front', row: { model: 'claude-x' }, costs: 24 },
  { says: 'a prefix names the provider where the sender named none', row: { provider: null }, costs: 24 },
  { says: "a model has another seller's price never", row: { provider: 'bedrock' }, costs: null, by: null },
  {
    says: 'a price of any provider holds for each',
    row: { provider: 'bedrock', model: 'claude-x' },
    book: [entry('any', { provider: '' })],
    costs: 24,
    by: 'any',
  },
  {
    says: "the provider's price goes before one of any provider",
    book: [entry('any', { provider: '', inputUsd: 1 }), entry('p1')],
    costs: 24,
  },
  {
    says: 'a model named without provider has the price of its maker',
    row: { provider: null, model: 'claude-x' },
    costs: 24,
  },
  {
    says: 'a name that belongs to no maker and names no provider has only the price of any provider',
    row: { provider: null, model: 'llama-x' },
    book: [entry('p1', { provider: 'groq', model: 'llama-x' })],
    costs: null,
    by: null,
  },
  {
    says: 'a day at the end of a name is left out where the book has no such name',
    row: { model: 'claude-x-20260214' },
    costs: 24,
  },
  { says: 'a day with dashes is left out too', row: { model: 'claude-x-2026-02-14' }, costs: 24 },
  { says: 'a day after @ is left out too', row: { model: 'claude-x@20260214' }, costs: 24 },
  { says: 'latest is left out too', row: { model: 'anthropic/claude-x-latest' }, costs: 24 },
  { says: 'a number that is no day is part of the name', row: { model: 'claude-x-20' }, costs: null, by: null },
  {
    says: 'the exact name goes before the one without a day',
    row: { model: 'claude-x-20260214' },
    book: [entry('p1'), entry('dated', { model: 'claude-x-20260214', inputUsd: 3, outputUsd: 15 })],
    costs: 18,
    by: 'dated',
  },
  {
    says: 'a name without a day never has the price of one with a day',
    book: [entry('dated', { model: 'claude-x-20260214' })],
    costs: null,
    by: null,
  },
  { says: 'names tell capitals apart', row: { model: 'Claude-X' }, costs: null, by: null },
  {
    says: "OpenTelemetry's word for a provider is the book's",
    row: { provider: 'aws.bedrock', model: 'anthropic.claude-x-v1:0' },
    book: [entry('p1', { provider: 'bedrock', model: 'anthropic.claude-x-v1:0' })],
    costs: 24,
  },
  {
    says: "the maker's name at a reseller is part of the model's name",
    row: { provider: 'openrouter', model: 'openrouter/anthropic/claude-x' },
    book: [entry('p1', { provider: 'openrouter', model: 'anthropic/claude-x' })],
    costs: 24,
  },
  {
    says: 'a model that has its seller’s name in its own does not price the one without',
    row: { provider: 'perplexity', model: 'perplexity/sonar' },
    book: [
      entry('agent', { provider: 'perplexity', model: 'perplexity/sonar', inputUsd: 1 }),
      entry('p1', { provider: 'perplexity', model: 'sonar' }),
    ],
    costs: 24,
  },
  {
    says: 'and has its own price where it is sent with its seller in front',
    row: { provider: 'perplexity', model: 'perplexity/perplexity/sonar' },
    book: [
      entry('p1', { provider: 'perplexity', model: 'perplexity/sonar' }),
      entry('plain', { provider: 'perplexity', model: 'sonar', inputUsd: 1 }),
    ],
    costs: 24,
  },
];

const dayCases: Case[] = [
  { says: 'a price holds from its first day on', row: { event_date: '2026-01-01' }, costs: 24 },
  { says: 'before its first day there is none', row: { event_date: '2025-12-31' }, costs: null, by: null },
  {
    says: 'a price holds until the next',
    row: { event_date: '2026-03-09' },
    book: [entry('new', { effectiveFrom: '2026-03-10', inputUsd: 2 }), entry('p1')],
    costs: 24,
  },
  {
    says: 'the next price holds from its day on',
    row: { event_date: '2026-03-10' },
    book: [entry('p1'), entry('new', { effectiveFrom: '2026-03-10', inputUsd: 2 })],
    costs: 22,
    by: 'new',
  },
  {
    says: "the customer's own price goes before the operator's, also an older one",
    book: [entry('p1', { effectiveFrom: '2026-03-01' }), entry('own', { isOwn: true, inputUsd: 1 })],
    costs: 21,
    by: 'own',
  },
  {
    says: "the operator's price holds until the customer's own begins",
    book: [entry('p1'), entry('own', { isOwn: true, inputUsd: 1, effectiveFrom: '2026-03-11' })],
    costs: 24,
  },
  {
    says: "the customer's own price of the name without a day goes before the operator's exact one",
    row: { model: 'claude-x-20260214' },
    book: [entry('p1', { model: 'claude-x-20260214' }), entry('own', { isOwn: true, inputUsd: 1 })],
    costs: 21,
    by: 'own',
  },
  {
    says: 'an exact name that begins later leaves earlier days to the name without a day',
    row: { model: 'claude-x-20260214' },
    book: [entry('p1'), entry('dated', { model: 'claude-x-20260214', effectiveFrom: '2026-03-11' })],
    costs: 24,
  },
];

describe.each([
  { of: 'kinds of tokens', cases: tokenCases },
  { of: 'names', cases: nameCases },
  { of: 'days', cases: dayCases },
])('a request is priced by $of', ({ cases }) => {
  it.each(cases)('$says', ({ row: changes, book: entries, costs, by = 'p1' }) => {
    const answer = priced({ ...row, ...changes }, newBook(entries ?? book));
    if (costs === null) expect(answer.book_cost_usd).toBeNull();
    else expect(answer.book_cost_usd).toBeCloseTo(costs, 12);
    expect(answer.price_id).toBe(by);
  });
});

describe('a book that is asked again', () => {
  it('answers the same, whatever names were asked between', () => {
    const asked = newBook([...book, entry('own', { isOwn: true, effectiveFrom: '2026-06-01' })]);
    const first = priced(row, asked);
    for (let number = 0; number < 25_000; number += 1) priced({ ...row, model: `made-up-${number}` }, asked);
    expect(priced(row, asked)).toEqual(first);
    expect(priced({ ...row, event_date: '2026-06-01' }, asked).price_id).toBe('own');
    expect(asked.foundCount).toBeLessThanOrEqual(20_000);
  });

  it('leaves the row that it was given as it was', () => {
    const given = Object.freeze({ ...row });
    const { book_cost_usd: cost, price_id: priceId, ...rest } = priced(given, newBook(book));
    expect([cost, priceId]).toEqual([24, 'p1']);
    expect(rest).toEqual(row);
  });
});
