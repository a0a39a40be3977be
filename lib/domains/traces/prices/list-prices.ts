/** The price book as a customer sees it: own prices and the operator's, each with what it is today. */
import { and, asc, desc, eq, getTableColumns, ilike, isNull, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type PriceView, priceView } from '@/lib/domains/traces/prices/price-view';
import { modelPrices } from '@/lib/domains/traces/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { isStorable, utcDayInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** `current` holds today, `later` begins on a later day, `past` was followed by another, `overruled` gives way to an own price of that name. */
export const priceStates = ['current', 'later', 'past', 'overruled'] as const;
export type PriceState = (typeof priceStates)[number];

export const priceFilter = {
  /** Part of the provider's or the model's name. */
  q: z.string().trim().max(200).refine(isStorable, 'This cannot be searched for.').optional(),
  /** `now` leaves out what does not hold any more; `own` shows own prices alone. */
  show: z.enum(['now', 'own', 'all']).default('now'),
};
export const listPricesInput = z.strictObject({
  ...priceFilter,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z.string().max(2_000).optional(),
});
type Asked = z.output<typeof listPricesInput>;

export type ListedPrice = PriceView & { state: PriceState };
export type PricePage = { prices: ListedPrice[]; nextCursor: string | null };

const position = z.tuple([z.string(), z.string(), utcDayInput, z.string()]);
const pattern = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

/** Prices that the customer's requests may be valued by, each with its state on the day. */
function withStates(customerId: string, today: string) {
  const ofName = sql`PARTITION BY ${modelPrices.customerId}, ${modelPrices.provider}, ${modelPrices.model}`;
  const lastHeld = sql`max(${modelPrices.effectiveFrom}) FILTER (WHERE ${modelPrices.effectiveFrom} <= ${today}) OVER (${ofName})`;
  const ownHeld = sql`bool_or(${modelPrices.customerId} IS NOT NULL AND ${modelPrices.effectiveFrom} <= ${today})
    OVER (PARTITION BY ${modelPrices.provider}, ${modelPrices.model})`;
  const state: SQL<PriceState> = sql`CASE
    WHEN ${modelPrices.effectiveFrom} > ${today} THEN 'later'
    WHEN ${modelPrices.effectiveFrom} < ${lastHeld} THEN 'past'
    WHEN ${modelPrices.customerId} IS NULL AND ${ownHeld} THEN 'overruled'
    ELSE 'current' END`;
  return db()
    .select({ ...getTableColumns(modelPrices), state: state.as('state') })
    .from(modelPrices)
    .where(or(isNull(modelPrices.customerId), eq(modelPrices.customerId, customerId)))
    .as('prices');
}

async function list({ customerId, clock }: CustomerCtx, asked: Asked): Promise<PricePage> {
  const after = asked.after === undefined ? null : decodeCursor(position, asked.after);
  const prices = withStates(customerId, utcDay(clock()));
  const begins = sql`${prices.effectiveFrom}::text`;
  const shown = asked.show === 'now' ? sql`${prices.state} <> 'past'` : sql`${prices.customerId} IS NOT NULL`;
  const found = await db()
    .select()
    .from(prices)
    .where(
      and(
        asked.q ? or(ilike(prices.model, pattern(asked.q)), ilike(prices.provider, pattern(asked.q))) : undefined,
        asked.show === 'all' ? undefined : shown,
        // Of a name the latest day comes first, so the day counts down where the names count up.
        after
          ? sql`((${prices.provider}, ${prices.model}) > (${after[0]}, ${after[1]}) OR (${prices.provider}, ${prices.model}) = (${after[0]}, ${after[1]})
              AND (${begins}, ${prices.priceId}) < (${after[2]}, ${after[3]}))`
          : undefined,
      ),
    )
    .orderBy(asc(prices.provider), asc(prices.model), desc(begins), desc(prices.priceId))
    .limit(asked.limit + 1);
  const rows = found.slice(0, asked.limit);
  const last = found.length > asked.limit ? rows.at(-1) : undefined;
  return {
    prices: rows.map(({ state, ...price }) => ({ ...priceView(price), state })),
    nextCursor: last ? encodeCursor([last.provider, last.model, last.effectiveFrom, last.priceId]) : null,
  };
}

/** Prices by provider and model, of one model the latest first. AppError invalid_cursor. */
export const listPrices = defineOperation({
  name: 'model_price.list',
  permission: 'traces:read',
  input: listPricesInput,
  run: list,
});
