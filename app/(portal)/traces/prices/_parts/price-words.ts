/** Prices as the pages write them. Pure. */
import { formatDate } from '@/app/_ui/format';
import { hrefWith } from '@/app/_ui/list-params';
import type { PriceState } from '@/lib/domains/traces/prices/list-prices';
import { bookBegins } from '@/lib/domains/traces/prices/price-input';

export const pricesHref = '/traces/prices';

/** The form that adds a price, filled with what is known. */
export const newPriceHref = (known: { provider?: string; model?: string }): string =>
  hrefWith(`${pricesHref}/new`, known, {});

export const deletePriceHref = (priceId: string): string => `${pricesHref}/${priceId}/delete`;

/** Dollars per million tokens with as many digits as the price has, at least two: "$0.075", "$15.00". */
export const pricePerMillion = (usd: number): string =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: 8,
  }).format(usd);

/** A price that is the first of the book holds for all requests before it: of that time nothing else is known. */
export const fromWords = (day: string): string => (day === bookBegins ? 'the start' : formatDate(day));

export const providerWords = (provider: string | null): string => provider || 'any provider';

/** What holds needs no word. */
export const stateWords: Record<PriceState, string | null> = {
  current: null,
  later: 'Later',
  past: 'Past',
  overruled: 'Your own price holds',
};

const doneSentences: Record<string, string> = {
  set: 'The price is set. Requests that arrive from now on are valued by it; recalculate to value those that are stored.',
  deleted: 'The price was deleted. Requests that arrive from now on are valued without it.',
  recalculated: 'Costs are being recalculated. The report is at the end of this page once it is done.',
};

/** What was just done, as the address says; undefined where it says nothing that is known. */
export const doneSentence = (done: string | undefined): string | undefined =>
  done !== undefined && Object.hasOwn(doneSentences, done) ? doneSentences[done] : undefined;
