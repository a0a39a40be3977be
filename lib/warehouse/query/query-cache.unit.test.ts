import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import {
  type CachedQuestion,
  clearQueryCache,
  keptRows,
  refresh,
  refreshBehind,
} from '@/lib/warehouse/query/query-cache';

const row = (text: string) => [{ text }];
const question = (key: string, ask: () => Promise<Record<string, unknown>[]>, day = '2030-01-01'): CachedQuestion => ({
  key,
  day: () => day,
  ask: async () => ({ rows: await ask(), stamp: 'v1', waiting: [] }),
});

beforeEach(() => clearQueryCache());

test('a question is asked once however many ask at the same time', async () => {
  let asked = 0;
  const one = question('one', async () => {
    asked += 1;
    await sleep(10);
    return row(`answer ${asked}`);
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(one)));
  expect(asked).toBe(1);
  expect(new Set(answers).size).toBe(1);
  expect(keptRows('one')?.rows).toEqual(row('answer 1'));
});

test('a day’s question is not answered by the one that yesterday asked', async () => {
  const rows = await Promise.all(
    ['2030-01-01', '2030-01-02'].map(day => refresh(question('one', () => sleep(5, row(day)), day))),
  );
  expect(rows.map(({ rows }) => rows)).toEqual([row('2030-01-01'), row('2030-01-02')]);
});

test('an answer that fails is not kept', async () => {
  const failing = question('one', async () => {
    throw new Error('away');
  });
  await expect(refresh(failing)).rejects.toThrow('away');
  expect(keptRows('one')).toBeUndefined();
  expect((await refresh(question('one', async () => row('now')))).rows).toEqual(row('now'));
});

test('rows are refreshed behind once, not before the time given since they were asked for', async () => {
  let asked = 0;
  const one = question('one', async () => row(`answer ${++asked}`));
  const kept = await refresh(one);
  for (let view = 0; view < 10; view++) refreshBehind(one, kept, 60);
  await sleep(30);
  expect(asked).toBe(1);
  await expect.poll(() => asked).toBe(2);
  refreshBehind(one, kept, 60);
  await sleep(80);
  expect(asked).toBe(2);
});

test('large rows push out what was read longest ago: memory is bounded by text, not by rows', async () => {
  const large = 'x'.repeat(16_000_000);
  for (let index = 0; index < 8; index++) await refresh(question(`question ${index}`, async () => row(large)));
  expect(keptRows('question 0')).toBeUndefined();
  expect(keptRows('question 7')).toBeDefined();
});
