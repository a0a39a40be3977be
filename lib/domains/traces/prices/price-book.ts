/** The price book of one customer, made for asking it once a row: the customer's own prices over the operator's. Source: docs/traces.md, Which price a request has. */
import { bookNames } from '@/lib/domains/traces/prices/match-model';

/** A price as it is stored and handed to worker threads; dollars per million tokens. */
export type BookEntry = {
  priceId: string;
  /** The customer's own, which goes before the operator's. */
  isOwn: boolean;
  /** '' = any provider. */
  provider: string;
  model: string;
  /** First UTC day on which it holds, YYYY-MM-DD. */
  effectiveFrom: string;
  inputUsd: number;
  outputUsd: number;
  cacheReadUsd: number | null;
  cacheWriteUsd: number | null;
  cacheWrite1hUsd: number | null;
  reasoningUsd: number | null;
};

/** Dollars per million tokens of each kind, with nothing left open. */
export type Rates = {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
  reasoning: number;
};

/** A price in force from a day on. */
export type HeldPrice = { priceId: string; from: string; rates: Rates };
/** Prices of one name, the latest first. */
type History = HeldPrice[];

export type PriceBook = {
  entries: ReadonlyMap<string, History>;
  /** Histories that may price a model, the first that holds on the day wins; by provider, then model. */
  found: Map<string | null, Map<string, History[]>>;
  foundCount: number;
};

/** Names whose histories are kept; names come from senders, so they have an end. */
const maxFound = 20_000;

const keyOf = (isOwn: boolean, provider: string, model: string): string =>
  `${isOwn ? 'own' : 'book'}\n${provider}\n${model}`;

/** Rates of a price: what it leaves open follows from input and output, as providers bill it. */
export const ratesOf = (entry: BookEntry): Rates => ({
  input: entry.inputUsd,
  output: entry.outputUsd,
  cacheRead: entry.cacheReadUsd ?? entry.inputUsd,
  cacheWrite: entry.cacheWriteUsd ?? 1.25 * entry.inputUsd,
  cacheWrite1h: entry.cacheWrite1hUsd ?? 2 * entry.inputUsd,
  reasoning: entry.reasoningUsd ?? entry.outputUsd,
});

/** A book of the entries of one customer and the operator, in any order. */
export function newBook(entries: readonly BookEntry[]): PriceBook {
  const byName = new Map<string, History>();
  for (const entry of entries) {
    const key = keyOf(entry.isOwn, entry.provider, entry.model);
    const held = { priceId: entry.priceId, from: entry.effectiveFrom, rates: ratesOf(entry) };
    const history = byName.get(key);
    if (history) history.push(held);
    else byName.set(key, [held]);
  }
  for (const history of byName.values()) history.sort((a, b) => (a.from < b.from ? 1 : -1));
  return { entries: byName, found: new Map(), foundCount: 0 };
}

function search(book: PriceBook, provider: string | null, model: string): History[] {
  const names = bookNames(provider, model);
  const providers = names.provider === '' ? [''] : [names.provider, ''];
  return [true, false].flatMap(isOwn =>
    names.models.flatMap(name => providers.flatMap(seller => [book.entries.get(keyOf(isOwn, seller, name)) ?? []])),
  );
}

function historiesOf(book: PriceBook, provider: string | null, model: string): History[] {
  let ofProvider = book.found.get(provider);
  const kept = ofProvider?.get(model);
  if (kept) return kept;
  if (book.foundCount >= maxFound) {
    book.found.clear();
    book.foundCount = 0;
    ofProvider = undefined;
  }
  if (!ofProvider) {
    ofProvider = new Map();
    book.found.set(provider, ofProvider);
  }
  const histories = search(book, provider, model).filter(history => history.length > 0);
  ofProvider.set(model, histories);
  book.foundCount += 1;
  return histories;
}

/** The price of a model on a UTC day (YYYY-MM-DD); null = the book has none. */
export function priceOn(book: PriceBook, provider: string | null, model: string | null, day: string): HeldPrice | null {
  if (model === null) return null;
  for (const history of historiesOf(book, provider, model))
    for (const held of history) if (held.from <= day) return held;
  return null;
}

/** Days on which the price of a model may change, the earliest first. */
export function changeDays(book: PriceBook, provider: string | null, model: string): string[] {
  return [...new Set(historiesOf(book, provider, model).flatMap(history => history.map(held => held.from)))].sort();
}
