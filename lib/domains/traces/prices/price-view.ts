/** A price as callers see it. */
import type { PriceFigures } from '@/lib/domains/traces/prices/price-input';
import { figuresOf } from '@/lib/domains/traces/prices/stored-price';
import type { ModelPrice } from '@/lib/domains/traces/tables';

/** Whose a price is: the operator's list price, or the customer's own. */
export type PriceOwner = 'list' | 'own';

export type PriceView = {
  price_id: string;
  owner: PriceOwner;
  /** '' = any provider. */
  provider: string;
  model: string;
  /** First UTC day on which it holds. */
  effective_from: string;
} & PriceFigures & {
    created_at: Date;
    /** Who set an own price; null of the operator's. */
    created_by: string | null;
  };

export const priceView = (price: ModelPrice): PriceView => ({
  price_id: price.priceId,
  owner: price.customerId === null ? 'list' : 'own',
  provider: price.provider,
  model: price.model,
  effective_from: price.effectiveFrom,
  ...figuresOf(price),
  created_at: price.createdAt,
  created_by: price.customerId === null ? null : price.createdBy,
});
