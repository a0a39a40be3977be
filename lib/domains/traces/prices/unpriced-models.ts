/** Models of the last 30 days whose requests have no price, so that totals say "at least". */
import { z } from 'zod';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { addDays, utcDay } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const lookedBackDays = 30;

const listUnpriced = defineQuery({
  name: 'model_price.list_unpriced',
  permission: 'traces:read',
  sql: 'traces/list-unpriced-models.sql',
  params: z.strictObject({ from: utcDayInput, to: utcDayInput }),
  bind: ({ from, to }) => ({ from_day: { type: 'DATE', value: from }, to_day: { type: 'DATE', value: to } }),
  row: z.object({
    provider: z.string().nullable(),
    model: z.string(),
    requests: z.number(),
    tokens: z.number(),
    last_day: z.string(),
  }),
  withoutOverlay: 'Requests are stored by loads, never by a person.',
});

export type UnpricedModel = {
  provider: string | null;
  model: string;
  requests: number;
  tokens: number;
  last_day: string;
  /** The book has a price by now; what is stored gets it by a recompute. */
  has_price_now: boolean;
};

/** The busiest first, at most 50. Throws as queries do. */
export async function unpricedModels(ctx: CustomerCtx): Promise<RowsAge & { models: UnpricedModel[] }> {
  const today = utcDay(ctx.clock());
  const asked = { from: addDays(today, 1 - lookedBackDays), to: today };
  const { rows, state, readAt, pendingSince } = await listUnpriced(ctx, asked);
  // The book has thousands of prices, and is asked only where something has none.
  const book = newBook(rows.length > 0 ? await readBook(ctx.customerId) : []);
  const models = rows.map(row => ({
    ...row,
    has_price_now: priceOn(book, row.provider, row.model, row.last_day) !== null,
  }));
  return { models, state, readAt, pendingSince };
}
