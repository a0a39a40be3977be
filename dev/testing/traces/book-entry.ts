/** An entry of the price book for tests. */
import type { BookEntry } from '@/lib/domains/traces/prices/price-book';

/** gpt-4o at $1 in and $2 out, for all time unless told. */
export const bookEntry = (given: Partial<BookEntry> = {}): BookEntry => ({
  priceId: 'p',
  isOwn: false,
  provider: 'openai',
  model: 'gpt-4o',
  effectiveFrom: '2020-01-01',
  inputUsd: 1,
  outputUsd: 2,
  cacheReadUsd: null,
  cacheWriteUsd: null,
  cacheWrite1hUsd: null,
  reasoningUsd: null,
  ...given,
});
