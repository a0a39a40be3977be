/** The operator brings prices into the book: only what changed makes a row, so that an import repeated changes nothing. */
import { inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { bookBegins, importPricesInput } from '@/lib/domains/traces/prices/price-input';
import { hasFigures, newPrice } from '@/lib/domains/traces/prices/stored-price';
import { type ModelPrice, modelPrices } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';

/** Rows of one INSERT; Postgres takes 65,535 parameters. */
const insertedAtOnce = 2_000;

export type Imported = {
  /** Models that had no price. */
  added: number;
  /** Prices that follow an earlier one, or take its place from the same day on. */
  changed: number;
  unchanged: number;
};

type Price = z.output<typeof importPricesInput>['prices'][number];
type Days = { changed: string; added: string };
type Planned = Imported & { inserts: { price: Price; from: string }[]; replaced: string[] };

const nameOf = ({ provider, model }: { provider: string; model: string }): string => `${provider}\n${model}`;

function byName(stored: readonly ModelPrice[]): Map<string, ModelPrice[]> {
  const histories = new Map<string, ModelPrice[]>();
  for (const price of stored) histories.set(nameOf(price), [...(histories.get(nameOf(price)) ?? []), price]);
  return histories;
}

/** What has to be written so that the book says on these days what the import says. */
function plan(prices: readonly Price[], stored: readonly ModelPrice[], days: Days): Planned {
  const histories = byName(stored);
  const planned: Planned = { added: 0, changed: 0, unchanged: 0, inserts: [], replaced: [] };
  for (const price of prices) {
    const history = histories.get(nameOf(price)) ?? [];
    const from = history.length === 0 ? days.added : days.changed;
    const held = history
      .filter(({ effectiveFrom }) => effectiveFrom <= from)
      .reduce<ModelPrice | null>((last, one) => (last && last.effectiveFrom > one.effectiveFrom ? last : one), null);
    if (held && hasFigures(held, price)) {
      planned.unchanged += 1;
      continue;
    }
    if (history.length === 0) planned.added += 1;
    else planned.changed += 1;
    if (held?.effectiveFrom === from) planned.replaced.push(held.priceId);
    planned.inserts.push({ price, from });
  }
  return planned;
}

/** Writes the prices into the operator's book. AppError invalid_input. */
export const importPrices = defineCommand({
  name: 'model_price.import',
  permission: 'staff:write',
  input: importPricesInput,
  run: async ({ ctx, tx, input }): Promise<Change<Imported>> => {
    const [now, who] = [ctx.clock(), actorLabel(ctx.actor)];
    // Whoever writes prices waits; who reads them does not.
    await tx.execute(sql`LOCK TABLE ${modelPrices} IN SHARE ROW EXCLUSIVE MODE`);
    const stored = await tx.select().from(modelPrices).where(isNull(modelPrices.customerId));
    const days = { changed: input.effective_from ?? utcDay(now), added: input.effective_from ?? bookBegins };
    const { inserts, replaced, ...result } = plan(input.prices, stored, days);
    if (inserts.length === 0) return { result, unchanged: true };
    if (replaced.length > 0) await tx.delete(modelPrices).where(inArray(modelPrices.priceId, replaced));
    const about = { customerId: null, origin: 'litellm', createdAt: now, createdBy: who } as const;
    const rows = inserts.map(({ price, from }) => newPrice(price, { ...about, effectiveFrom: from }));
    for (let at = 0; at < rows.length; at += insertedAtOnce)
      await tx.insert(modelPrices).values(rows.slice(at, at + insertedAtOnce));
    const target = { type: 'price_book', id: 'operator' };
    return { result, target, before: null, after: { ...result, ...days }, mirror: [] };
  },
});
