/**
 * The list prices that come with the product, so that a new installation values requests before anybody imports a map. They are from
 * the map of prices in LiteLLM 1.110.2, to which lib/cli/trace-prices.slow.test.ts holds each of them. Of nine Claude models, which
 * the map does not list at Anthropic any more, they are those that it has for the same model at another seller.
 */
import { isNull } from 'drizzle-orm';
import firstBook from '@/lib/domains/traces/prices/first-book.json' with { type: 'json' };
import { type Imported, importPrices } from '@/lib/domains/traces/prices/import-prices';
import type { NamedPrice } from '@/lib/domains/traces/prices/litellm-map';
import { modelPrices } from '@/lib/domains/traces/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

type Listed = {
  provider: string;
  model: string;
  input: number;
  output: number;
  cache_read?: number;
  cache_write?: number;
  cache_write_1h?: number;
  reasoning?: number;
};

/** List prices of providers in dollars per million tokens, and the day on which they were read. */
export const listPricesOf = (): { readOn: string; prices: NamedPrice[] } => ({
  readOn: firstBook.read_on,
  prices: (firstBook.prices as Listed[]).map(price => ({
    provider: price.provider,
    model: price.model,
    input_usd: price.input,
    output_usd: price.output,
    cache_read_usd: price.cache_read ?? null,
    cache_write_usd: price.cache_write ?? null,
    cache_write_1h_usd: price.cache_write_1h ?? null,
    reasoning_usd: price.reasoning ?? null,
  })),
});

/** Fills an operator's book that has no price yet; null where it has one. */
export async function bringFirstBook(ctx: Ctx): Promise<Imported | null> {
  const [known] = await db().select().from(modelPrices).where(isNull(modelPrices.customerId)).limit(1);
  if (known) return null;
  return (await importPrices(ctx, { prices: listPricesOf().prices })).result;
}
