/** The price book as CSV: a line a price, in dollars per million tokens. */
import { type ListedPrice, listPrices } from '@/lib/domains/traces/prices/list-prices';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type CsvValue, csvLine } from '@/lib/platform/csv';

const columns: Record<string, (price: ListedPrice) => CsvValue> = {
  provider: price => price.provider,
  model: price => price.model,
  owner: price => price.owner,
  state: price => price.state,
  effective_from: price => price.effective_from,
  input_usd: price => price.input_usd,
  output_usd: price => price.output_usd,
  cache_read_usd: price => price.cache_read_usd,
  cache_write_usd: price => price.cache_write_usd,
  cache_write_1h_usd: price => price.cache_write_1h_usd,
  reasoning_usd: price => price.reasoning_usd,
  price_id: price => price.price_id,
  created_at: price => price.created_at,
  created_by: price => price.created_by,
};

/** All prices that the filter matches, a head line first. Throws as listPrices. */
export async function* pricesCsv(ctx: CustomerCtx, filter: object): AsyncGenerator<string> {
  let head = csvLine(Object.keys(columns));
  let after: string | undefined;
  do {
    const page = await listPrices(ctx, { ...filter, limit: 500, after });
    yield head + page.prices.map(price => csvLine(Object.values(columns).map(cell => cell(price)))).join('');
    head = '';
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
}
