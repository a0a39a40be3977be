/** The book as a statement needs it: for each model of the period what it costs in which days, as `priceOn` finds it. */
import { changeDays, type PriceBook, priceOn, type Rates } from '@/lib/domains/traces/prices/price-book';

export type UsedModel = { provider: string | null; model: string };
/** Days from `from` up to, but not with, `until` (UTC, YYYY-MM-DD). */
export type PriceSpan = UsedModel & { from: string; until: string; price_id: string } & Rates;

/** Spans of one model, none of days without a price. */
function spansOf(book: PriceBook, used: UsedModel, period: { from: string; until: string }): PriceSpan[] {
  const changes = changeDays(book, used.provider, used.model).filter(day => day > period.from && day < period.until);
  const starts = [period.from, ...changes];
  return starts.flatMap((from, index) => {
    const held = priceOn(book, used.provider, used.model, from);
    const until = starts[index + 1] ?? period.until;
    return held ? [{ ...used, from, until, price_id: held.priceId, ...held.rates }] : [];
  });
}

/** What the models cost in the days from `from` up to, but not with, `until`. */
export const priceSpans = (
  book: PriceBook,
  models: readonly UsedModel[],
  period: { from: string; until: string },
): PriceSpan[] => models.flatMap(used => spansOf(book, used, period));
