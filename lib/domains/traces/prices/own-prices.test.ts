/** Own prices of a customer: set, seen beside the list prices, taken away, and nobody else's. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { importPrices } from '@/lib/domains/traces/prices/import-prices';
import { listPrices } from '@/lib/domains/traces/prices/list-prices';
import { deleteModelPrice, maxOwnPrices, setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { pricesCsv } from '@/lib/domains/traces/prices/prices-csv';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { readOwnPrice } from '@/lib/domains/traces/prices/read-own-price';
import { newPrice } from '@/lib/domains/traces/prices/stored-price';
import { modelPrices } from '@/lib/domains/traces/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const today = utcDay(new Date());
const figures = { input_usd: 3, output_usd: 15 };
const newModel = () => `model-${randomText(10)}`;
const setPrice = async (world: World, price: object) => (await setModelPrice(world.as('ADMIN'), price)).result;
const inList = (model: string) =>
  importPrices(systemCtx('test'), { prices: [{ provider: 'openai', model, input_usd: 5, output_usd: 20 }] });
const inputNow = async ({ customerId }: World, model: string, day = today) =>
  priceOn(newBook(await readBook(customerId)), 'openai', model, day)?.rates.input;
const states = async (world: World, filter: object) =>
  (await listPrices(world.as('VIEWER'), { show: 'all', ...filter })).prices.map(
    ({ owner, state, input_usd }) => [owner, state, input_usd] as const,
  );

test('an own price goes before the list price from today on, and taken away the list price holds again', async () => {
  const [world, other, model] = [await createWorld(), await createWorld(), newModel()];
  await inList(model);
  const own = await setPrice(world, { provider: 'openai', model, ...figures });
  expect(own).toMatchObject({
    owner: 'own',
    effective_from: today,
    cache_read_usd: null,
    created_by: expect.any(String),
  });
  expect(await inputNow(world, model)).toBe(3);
  expect(await inputNow(world, model, addDays(today, -1))).toBe(5);
  expect(await inputNow(other, model)).toBe(5);
  expect(await states(world, { q: model })).toEqual([
    ['own', 'current', 3],
    ['list', 'overruled', 5],
  ]);
  expect(await states(other, { q: model })).toEqual([['list', 'current', 5]]);
  await deleteModelPrice(world.as('ADMIN'), { price_id: own.price_id });
  expect(await inputNow(world, model)).toBe(5);
});

test('before an own price is taken away it is said which price holds then, and to nobody else', async () => {
  const [world, model, lone] = [await createWorld(), newModel(), newModel()];
  await inList(model);
  const own = await setPrice(world, { provider: 'openai', model, ...figures });
  const read = (id: string, of = world) => readOwnPrice(of.as('VIEWER'), {}, id);
  expect(await read(own.price_id)).toMatchObject({ price: own, next: { input_usd: 5, output_usd: 20 } });
  const earlier = { provider: 'openai', model, effective_from: addDays(today, -10), input_usd: 4, output_usd: 8 };
  await setPrice(world, earlier);
  expect(await read(own.price_id)).toMatchObject({ next: { input_usd: 4, output_usd: 8 } });
  expect(await read((await setPrice(world, { model: lone, ...figures })).price_id)).toMatchObject({ next: null });
  const listed = (await listPrices(world.as('VIEWER'), { q: model, show: 'all' })).prices.find(
    ({ owner }) => owner === 'list',
  );
  for (const id of [listed?.price_id ?? '', 'price_none', 'x y'])
    await expect(read(id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(read(own.price_id, await createWorld())).rejects.toMatchObject({ code: 'not_found' });
});

test('a price of the same day is replaced, the same price again changes nothing, both are in the audit log once', async () => {
  const [world, model] = [await createWorld(), newModel()];
  const price = { provider: 'openai', model, ...figures };
  const first = await setPrice(world, price);
  expect(await setPrice(world, price)).toEqual(first);
  const second = await setPrice(world, { ...price, input_usd: 4 });
  expect(second.price_id).not.toBe(first.price_id);
  expect(await states(world, { q: model })).toEqual([['own', 'current', 4]]);
  const ofSet = and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'model_price.set'));
  const rows = await db().select().from(auditLog).where(ofSet);
  expect(rows.map(({ before, after }) => [before, after])).toMatchObject([
    [null, { input_usd: 3 }],
    [{ input_usd: 3 }, { input_usd: 4 }],
  ]);
});

test('the provider has one spelling, and the model loses it', async () => {
  const [world, model] = [await createWorld(), newModel()];
  const price = await setPrice(world, { provider: ' AWS.Bedrock', model: `bedrock/${model}`, ...figures });
  expect(price).toMatchObject({ provider: 'bedrock', model });
  expect(await setPrice(world, { model, ...figures })).toMatchObject({ provider: '', model });
});

test('what begins later and what is past are told, and left out as asked', async () => {
  const [world, model] = [await createWorld(), newModel()];
  for (const [days, input] of [
    [-10, 1],
    [0, 2],
    [10, 3],
  ] as const)
    await setPrice(world, { model, ...figures, input_usd: input, effective_from: addDays(today, days) });
  const later = ['own', 'later', 3] as const;
  const current = ['own', 'current', 2] as const;
  expect(await states(world, { q: model })).toEqual([later, current, ['own', 'past', 1]]);
  expect(await states(world, { q: model, show: 'now' })).toEqual([later, current]);
  expect(await states(world, { q: model, show: 'own' })).toHaveLength(3);
});

test('the list goes by pages without a gap or a repeat, and the CSV has all of it', async () => {
  const [world, tag] = [await createWorld(), randomText(8)];
  for (const name of ['a', 'b', 'c'])
    for (const days of [-2, -1, 0])
      await setPrice(world, { model: `${tag}-${name}`, ...figures, effective_from: addDays(today, days) });
  const all = (await listPrices(world.as('VIEWER'), { q: tag, show: 'all' })).prices;
  expect(all).toHaveLength(9);
  const paged: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await listPrices(world.as('VIEWER'), { q: tag, show: 'all', limit: 2, after });
    paged.push(...page.prices);
    after = page.nextCursor ?? undefined;
  } while (after);
  expect(paged).toEqual(all);
  const csv = (await Array.fromAsync(pricesCsv(world.as('VIEWER'), { q: tag, show: 'all' }))).join('');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(10);
  expect(csv).toContain(`,${tag}-b,own,past,${addDays(today, -1)},3,15,,,,,price_`);
});

test('only admins set prices, a foreign price is not found, a list price cannot be deleted', async () => {
  const [world, stranger, model] = [await createWorld(), await createWorld(), newModel()];
  const price = await setPrice(world, { model, ...figures });
  await expect(setModelPrice(world.as('COLLABORATOR'), { model, ...figures })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const foreign = deleteModelPrice(stranger.as('OWNER'), { price_id: price.price_id });
  await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  await inList(model);
  const [listed] = (await listPrices(world.as('OWNER'), { q: model })).prices.filter(({ owner }) => owner === 'list');
  const ofList = deleteModelPrice(world.as('OWNER'), { price_id: listed?.price_id });
  await expect(ofList).rejects.toMatchObject({ code: 'not_found' });
});

test('own prices have an end', async () => {
  const world = await createWorld();
  const { customerId } = world;
  const about = {
    customerId,
    origin: 'manual',
    createdAt: new Date(),
    createdBy: 'test',
    effectiveFrom: today,
  } as const;
  const open = { cache_read_usd: null, cache_write_usd: null, cache_write_1h_usd: null, reasoning_usd: null };
  const rows = Array.from({ length: maxOwnPrices }, (_, index) =>
    newPrice({ provider: '', model: `m-${index}`, ...figures, ...open }, about),
  );
  await db().insert(modelPrices).values(rows);
  await expect(setPrice(world, { model: newModel(), ...figures })).rejects.toMatchObject({ code: 'conflict' });
  await expect(setPrice(world, { model: 'm-1', ...figures, input_usd: 9 })).resolves.toMatchObject({ input_usd: 9 });
});

test.each([
  ['a negative price', { model: 'm', input_usd: -1, output_usd: 1 }, 'input_usd'],
  ['a price as text', { model: 'm', input_usd: '1', output_usd: 1 }, 'input_usd'],
  ['no model', { model: '  ', ...figures }, 'model'],
  ['an invisible sign in the name', { model: 'm\u200b', ...figures }, 'model'],
  ['a day that is none', { model: 'm', ...figures, effective_from: '2026-02-30' }, 'effective_from'],
])('%s is refused by the field', async (_, price, path) => {
  const refused = setPrice(await createWorld(), price);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path }] });
});
