/** Prices as Postgres holds them: their figures, whether two are alike, a new row. */
import type { PriceFigures } from '@/lib/domains/traces/prices/price-input';
import type { ModelPrice } from '@/lib/domains/traces/tables';
import { newId } from '@/lib/platform/ids';

/** Figures of a stored price by the names of the JSON routes. */
export const figuresOf = (price: ModelPrice): PriceFigures => ({
  input_usd: price.inputUsd,
  output_usd: price.outputUsd,
  cache_read_usd: price.cacheReadUsd,
  cache_write_usd: price.cacheWriteUsd,
  cache_write_1h_usd: price.cacheWrite1hUsd,
  reasoning_usd: price.reasoningUsd,
});

/** Whether a stored price says what the figures say. */
export const hasFigures = (price: ModelPrice, figures: PriceFigures): boolean => {
  const stored = figuresOf(price);
  return (Object.keys(stored) as (keyof PriceFigures)[]).every(name => stored[name] === figures[name]);
};

type About = Pick<ModelPrice, 'customerId' | 'effectiveFrom' | 'origin' | 'createdAt' | 'createdBy'>;

/** A price to be inserted; its id is new also where it takes another's place, since requests name the price they were valued by. */
export const newPrice = (price: { provider: string; model: string } & PriceFigures, about: About): ModelPrice => ({
  priceId: newId('price'),
  ...about,
  provider: price.provider,
  model: price.model,
  inputUsd: price.input_usd,
  outputUsd: price.output_usd,
  cacheReadUsd: price.cache_read_usd,
  cacheWriteUsd: price.cache_write_usd,
  cacheWrite1hUsd: price.cache_write_1h_usd,
  reasoningUsd: price.reasoning_usd,
});
