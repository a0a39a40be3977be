/** One own price of a customer, with the price that holds once it is taken away. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { priceIdInput } from '@/lib/domains/traces/prices/price-input';
import { type PriceView, priceView } from '@/lib/domains/traces/prices/price-view';
import { bookEntry, readBook } from '@/lib/domains/traces/prices/read-book';
import { modelPrices } from '@/lib/domains/traces/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** `next`: what its model costs per million tokens without it, today or from its day on where that is later; null = it has no price then. */
export type OwnPrice = { price: PriceView; next: { input_usd: number; output_usd: number } | null };

/** An own price by its id. AppError forbidden, not_found, also for a foreign or malformed id and for a list price. */
export const readOwnPrice = defineOperation({
  name: 'model_price.read',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async ({ customerId, clock }: CustomerCtx, _asked, id: string): Promise<OwnPrice> => {
    const known = priceIdInput.safeParse({ price_id: id }).success;
    const own = and(eq(modelPrices.priceId, id), eq(modelPrices.customerId, customerId));
    const [found] = known ? await db().select().from(modelPrices).where(own) : [];
    if (!found) throw new AppError('not_found', 'There is no such price of your own.');
    const { provider, model, effectiveFrom } = bookEntry(found);
    const entries = await readBook(customerId);
    const without = newBook(entries.filter(({ priceId }) => priceId !== found.priceId));
    const today = utcDay(clock());
    const held = priceOn(without, provider || null, model, [effectiveFrom, today].sort().at(-1) ?? today);
    return { price: priceView(found), next: held && { input_usd: held.rates.input, output_usd: held.rates.output } };
  },
});
