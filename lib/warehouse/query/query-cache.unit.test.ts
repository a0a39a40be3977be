import { beforeEach, expect, test } from 'vitest';
import { clearQueryCache, lastGoodRows, readThrough } from '@/lib/warehouse/query/query-cache';

const row = (text: string) => [{ text }];
const read = (name: string, rows: Record<string, unknown>[]) => readThrough(`${name} v1`, name, async () => rows);

beforeEach(() => clearQueryCache());

test('rows are read once however many ask at the same time, and again only when the key changes', async () => {
  let reads = 0;
  const ask = (key: string) =>
    readThrough(key, 'question', async () => {
      reads += 1;
      return row(key);
    });
  await Promise.all(Array.from({ length: 20 }, () => ask('v1')));
  await ask('v1');
  expect(reads).toBe(1);
  expect((await ask('v2')).rows).toEqual(row('v2'));
  expect(lastGoodRows('question')?.rows).toEqual(row('v2'));
});

test('a read that fails is not kept', async () => {
  const failing = readThrough('key', 'question', async () => {
    throw new Error('away');
  });
  await expect(failing).rejects.toThrow('away');
  expect(lastGoodRows('question')).toBeUndefined();
  expect((await readThrough('key', 'question', async () => row('now'))).rows).toEqual(row('now'));
});

test('large rows push out what was read longest ago: memory is bounded by text, not by rows', async () => {
  const large = 'x'.repeat(8_000_000);
  for (let index = 0; index < 8; index++) await read(`question ${index}`, row(large));
  expect(lastGoodRows('question 0')).toBeUndefined();
  expect(lastGoodRows('question 7')).toBeDefined();
});
