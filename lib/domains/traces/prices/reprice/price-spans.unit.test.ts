import { expect, test } from 'vitest';
import { bookEntry } from '@/dev/testing/traces/book-entry';
import { type BookEntry, newBook } from '@/lib/domains/traces/prices/price-book';
import { priceSpans } from '@/lib/domains/traces/prices/reprice/price-spans';

const entry = (priceId: string, effectiveFrom: string, given: Partial<BookEntry> = {}): BookEntry =>
  bookEntry({ priceId, effectiveFrom, model: 'gpt-x', ...given });
const spans = (entries: BookEntry[], model = 'gpt-x') =>
  priceSpans(newBook(entries), [{ provider: 'openai', model }], { from: '2026-03-01', until: '2026-04-01' }).map(
    ({ from, until, price_id }) => [price_id, from, until],
  );

test('a price that holds all days is one span', () => {
  expect(spans([entry('a', '2020-01-01')])).toEqual([['a', '2026-03-01', '2026-04-01']]);
});

test('each change within the days begins a span, and one on the first day or after the last does not', () => {
  const book = [entry('a', '2020-01-01'), entry('b', '2026-03-01'), entry('c', '2026-03-15'), entry('d', '2026-04-01')];
  expect(spans(book)).toEqual([
    ['b', '2026-03-01', '2026-03-15'],
    ['c', '2026-03-15', '2026-04-01'],
  ]);
});

test('days before the first price have no span, and a model without a price has none', () => {
  expect(spans([entry('a', '2026-03-10')])).toEqual([['a', '2026-03-10', '2026-04-01']]);
  expect(spans([entry('a', '2026-03-10')], 'other')).toEqual([]);
});

test('an own price that begins within the days ends the span of the list price', () => {
  const book = [entry('list', '2020-01-01'), entry('own', '2026-03-20', { isOwn: true })];
  expect(spans(book)).toEqual([
    ['list', '2026-03-01', '2026-03-20'],
    ['own', '2026-03-20', '2026-04-01'],
  ]);
});
