/** Costs and names of AI usage as the pages write them. Pure. */
import { formatDate, formatDollars } from '@/app/_ui/format';
import { noneName, type UsageDays } from '@/lib/domains/traces/usage/usage-filter';

type Priced = { bookCostUsd: number; requests: number; unpriced: number };

/** "$12.30"; "at least $12.30" where some requests have no price, "no price" where none has one. */
export function bookCostWords({ bookCostUsd, requests, unpriced }: Priced): string {
  if (requests > 0 && unpriced >= requests) return 'no price';
  return unpriced > 0 ? `at least ${formatDollars(bookCostUsd)}` : formatDollars(bookCostUsd);
}

const kinds = { model: 'No model', developer: 'No developer', repository: 'No repository' };

/** A name as it was sent, or that none was: '' and (none) stand for that. */
export const nameWords = (kind: keyof typeof kinds, name: string | null): string =>
  name === null || name === '' || name === noneName ? kinds[kind] : name;

/** How a filter names it. */
export const filterName = (name: string | null): string => name || noneName;

/** "1 Nov 2026 to 27 Nov 2026". */
export const daysWords = ({ from, to }: UsageDays): string =>
  from === to ? formatDate(from) : `${formatDate(from)} to ${formatDate(to)}`;

/** Why there are two costs. */
export const bookPriceSays =
  'Book price: what your price book says, with cached and reasoning tokens at their own prices.';
export const documentPriceSays =
  'Document price: by the fixed table of the data model (input and output only, $10 per million for other models). It never changes, so that periods compare.';
