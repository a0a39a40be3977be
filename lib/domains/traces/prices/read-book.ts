/** The price book as Postgres holds it. */
import { eq, isNull, or } from 'drizzle-orm';
import type { BookEntry } from '@/lib/domains/traces/prices/price-book';
import { type ModelPrice, modelPrices } from '@/lib/domains/traces/tables';
import { type Db, db } from '@/lib/platform/db';

export const bookEntry = (price: ModelPrice): BookEntry => ({
  priceId: price.priceId,
  isOwn: price.customerId !== null,
  provider: price.provider,
  model: price.model,
  effectiveFrom: price.effectiveFrom,
  inputUsd: price.inputUsd,
  outputUsd: price.outputUsd,
  cacheReadUsd: price.cacheReadUsd,
  cacheWriteUsd: price.cacheWriteUsd,
  cacheWrite1hUsd: price.cacheWrite1hUsd,
  reasoningUsd: price.reasoningUsd,
});

/** Prices that a customer's requests are valued by: its own and the operator's. */
export async function readBook(customerId: string, database: Db = db()): Promise<BookEntry[]> {
  const rows = await database
    .select()
    .from(modelPrices)
    .where(or(isNull(modelPrices.customerId), eq(modelPrices.customerId, customerId)));
  return rows.map(bookEntry);
}
