/** The operator's book after imports. Models have names of their own a test, since the book is everybody's. */
import { and, asc, eq, isNull } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { bringFirstBook, listPricesOf } from '@/lib/domains/traces/prices/first-book';
import { importPrices } from '@/lib/domains/traces/prices/import-prices';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { bookBegins } from '@/lib/domains/traces/prices/price-input';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { modelPrices } from '@/lib/domains/traces/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const today = utcDay(new Date());
const newModel = () => `model-${randomText(10)}`;
const priceOf = (model: string, inputUsd: number) => ({
  provider: 'openai',
  model,
  input_usd: inputUsd,
  output_usd: 10,
});
const bring = async (prices: object[], effectiveFrom?: string) =>
  (await importPrices(systemCtx('test'), { prices, effective_from: effectiveFrom })).result;
const stored = (model: string) =>
  db()
    .select()
    .from(modelPrices)
    .where(and(isNull(modelPrices.customerId), eq(modelPrices.model, model)))
    .orderBy(asc(modelPrices.effectiveFrom));

test('an import writes what is new and what changed, and repeated it changes nothing', async () => {
  const [first, second] = [newModel(), newModel()];
  expect(await bring([priceOf(first, 2), priceOf(second, 3)])).toEqual({ added: 2, changed: 0, unchanged: 0 });
  expect(await bring([priceOf(first, 2), priceOf(second, 3)])).toEqual({ added: 0, changed: 0, unchanged: 2 });
  expect(await bring([priceOf(first, 2.5), priceOf(second, 3)])).toEqual({ added: 0, changed: 1, unchanged: 1 });
  expect(await bring([priceOf(first, 2.5), priceOf(second, 3)])).toEqual({ added: 0, changed: 0, unchanged: 2 });
  const prices = (await stored(first)).map(({ effectiveFrom, inputUsd }) => [effectiveFrom, inputUsd]);
  expect(prices).toEqual([
    [bookBegins, 2],
    [today, 2.5],
  ]);
});

test('a price that changes twice a day is the last one, under an id of its own', async () => {
  const model = newModel();
  await bring([priceOf(model, 2)]);
  await bring([priceOf(model, 3)]);
  const [, before] = await stored(model);
  await bring([priceOf(model, 4)]);
  const [, after, ...more] = await stored(model);
  expect(more).toEqual([]);
  expect(after).toMatchObject({ inputUsd: 4, effectiveFrom: today });
  expect(after?.priceId).not.toBe(before?.priceId);
});

test('a day that is named holds for all of the import, and later prices stay', async () => {
  const model = newModel();
  await bring([priceOf(model, 2)], today);
  const earlier = addDays(today, -30);
  expect(await bring([priceOf(model, 1)], earlier)).toMatchObject({ changed: 1 });
  const { customerId } = await createWorld();
  const book = newBook(await readBook(customerId));
  const inputOn = (day: string) => priceOn(book, 'openai', model, day)?.rates.input;
  expect([addDays(earlier, -1), earlier, addDays(today, -1), today].map(inputOn)).toEqual([undefined, 1, 1, 2]);
});

test('imports at the same time leave one price of a day', async () => {
  const model = newModel();
  await bring([priceOf(model, 1)]);
  await Promise.all([2, 3, 4, 5].map(input => bring([priceOf(model, input)])));
  expect(await stored(model)).toHaveLength(2);
});

test('a new installation gets the list prices of this version once', async () => {
  const { prices } = listPricesOf();
  expect(prices.length).toBeGreaterThan(100);
  await bringFirstBook(systemCtx('test'));
  await bring(prices);
  expect(await bringFirstBook(systemCtx('test'))).toBeNull();
  expect(await bring(prices)).toEqual({ added: 0, changed: 0, unchanged: prices.length });
  const { customerId } = await createWorld();
  const book = newBook(await readBook(customerId));
  expect(priceOn(book, 'anthropic', 'anthropic/claude-3-5-sonnet-20241022', '2025-10-12')?.rates).toMatchObject({
    input: 3,
    output: 15,
    cacheRead: 0.3,
  });
});

test.each([
  ['a negative price', { ...priceOf('m', -1) }],
  ['no price', { provider: 'openai', model: 'm', input_usd: null, output_usd: 1 }],
  ['a price that is no number', { ...priceOf('m', Number.NaN) }],
  ['a model without a name', priceOf(' ', 1)],
])('%s is refused, and nothing is written', async (_, price) => {
  const model = newModel();
  await expect(bring([priceOf(model, 1), price])).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await stored(model)).toEqual([]);
});
