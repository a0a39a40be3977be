/** Price books of customers whose traces arrive, kept for a moment: a book has thousands of entries. */
import { LRUCache } from 'lru-cache';
import { newBook, type PriceBook } from '@/lib/domains/traces/prices/price-book';
import { readBook } from '@/lib/domains/traces/prices/read-book';

/** How long a new price may go unseen by rows that arrive; a recompute values them anew. */
const keptMs = 30_000;

const books = new LRUCache<string, PriceBook>({
  max: 30,
  ttl: keptMs,
  fetchMethod: async customerId => newBook(await readBook(customerId)),
});

/** The customer's book, at most half a minute old. */
export const keptBook = (customerId: string): Promise<PriceBook> => books.forceFetch(customerId);
