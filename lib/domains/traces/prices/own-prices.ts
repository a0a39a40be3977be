/** A customer's own prices: set for a model from a day on, and taken away again. */
import { and, count, eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { priceIdInput, setPriceInput } from '@/lib/domains/traces/prices/price-input';
import { type PriceView, priceView } from '@/lib/domains/traces/prices/price-view';
import { hasFigures, newPrice } from '@/lib/domains/traces/prices/stored-price';
import { modelPrices } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Own prices of a customer, past ones too. */
export const maxOwnPrices = 1_000;

const targetOf = (view: PriceView) => ({ type: 'model_price', id: view.price_id });

async function requirePlace(tx: Tx, customerId: string): Promise<void> {
  const [{ own = 0 } = {}] = await tx
    .select({ own: count() })
    .from(modelPrices)
    .where(eq(modelPrices.customerId, customerId));
  if (own < maxOwnPrices) return;
  throw new AppError('conflict', `There are ${maxOwnPrices} prices of your own. Delete some that are not needed.`);
}

/**
 * Sets what the customer pays for a model from a UTC day on; another price of the same day is replaced. Requests that are
 * stored already keep their cost until they are priced anew. AppError invalid_input, conflict.
 */
export const setModelPrice = defineCommand({
  name: 'model_price.set',
  permission: 'prices:write',
  input: setPriceInput,
  run: async ({ ctx, tx, input }): Promise<Change<PriceView>> => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    const { effective_from: effectiveFrom = utcDay(now), ...price } = input;
    await lockCustomer(tx, customerId);
    const ofDay = and(
      eq(modelPrices.customerId, customerId),
      eq(modelPrices.provider, price.provider),
      eq(modelPrices.model, price.model),
      eq(modelPrices.effectiveFrom, effectiveFrom),
    );
    const [before] = await tx.select().from(modelPrices).where(ofDay);
    if (before && hasFigures(before, price)) return { result: priceView(before), unchanged: true };
    if (before) await tx.delete(modelPrices).where(eq(modelPrices.priceId, before.priceId));
    else await requirePlace(tx, customerId);
    const about = {
      customerId,
      effectiveFrom,
      origin: 'manual',
      createdAt: now,
      createdBy: actorLabel(ctx.actor),
    } as const;
    const [stored] = await tx.insert(modelPrices).values(newPrice(price, about)).returning();
    if (!stored) throw new Error('the price was not stored');
    const after = priceView(stored);
    return { result: after, target: targetOf(after), before: before ? priceView(before) : null, after, mirror: [] };
  },
});

/** Takes an own price away: the one before it holds again, else the operator's. AppError not_found. */
export const deleteModelPrice = defineCommand({
  name: 'model_price.delete',
  permission: 'prices:write',
  input: priceIdInput,
  run: async ({ ctx, tx, input }): Promise<Change<PriceView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const [gone] = await tx
      .delete(modelPrices)
      .where(and(eq(modelPrices.priceId, input.price_id), eq(modelPrices.customerId, customerId)))
      .returning();
    if (!gone) throw new AppError('not_found', 'There is no such price of your own.');
    const before = priceView(gone);
    return { result: before, target: targetOf(before), before, after: null, mirror: [] };
  },
});
