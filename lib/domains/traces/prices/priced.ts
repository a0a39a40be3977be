/** What a request cost by the price book. Source: docs/traces.md, What a request costs. */
import type { PricedRow, TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { type PriceBook, priceOn, type Rates } from '@/lib/domains/traces/prices/price-book';

type Tokens = Pick<
  TraceRow,
  'tokens_in' | 'tokens_out' | 'cache_read_tokens' | 'cache_write_tokens' | 'cache_write_1h_tokens' | 'reasoning_tokens'
>;

/** Dollars of a request: cached input and reasoning have rates of their own and are not billed twice. */
function costUsd(row: Tokens, rates: Rates): number {
  const cached = row.cache_read_tokens + row.cache_write_tokens + row.cache_write_1h_tokens;
  const plainIn = Math.max(row.tokens_in - cached, 0);
  const plainOut = Math.max(row.tokens_out - row.reasoning_tokens, 0);
  return (
    (plainIn * rates.input +
      row.cache_read_tokens * rates.cacheRead +
      row.cache_write_tokens * rates.cacheWrite +
      row.cache_write_1h_tokens * rates.cacheWrite1h +
      plainOut * rates.output +
      row.reasoning_tokens * rates.reasoning) /
    1_000_000
  );
}

export type BookPrice = Pick<PricedRow, 'book_cost_usd' | 'price_id'>;

/** The book price of a row; null where the book has none, and 0 where the sender's own cache answered. */
export function bookPrice(row: TraceRow, book: PriceBook): BookPrice {
  const held = priceOn(book, row.provider, row.model, row.event_date);
  const bookCostUsd = row.from_cache ? 0 : held ? costUsd(row, held.rates) : null;
  return { book_cost_usd: bookCostUsd, price_id: held?.priceId ?? null };
}

/** The row with its book price. */
export const priced = (row: TraceRow, book: PriceBook): PricedRow => ({ ...row, ...bookPrice(row, book) });
