import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { metrics } from '@/lib/platform/metrics';
import {
  AnalyzerAwayError,
  analyzerStanding,
  analyzeSql,
  closeAnalyzer,
  isAnalyzerSet,
} from '@/lib/platform/sql-analyzer/analyze-sql';

const set = vi.hoisted(() => ({ path: undefined as string | undefined }));
vi.mock('@/lib/platform/env', async importOriginal => {
  const original = await importOriginal<typeof import('@/lib/platform/env')>();
  return { ...original, env: () => ({ ...original.env(), SQL_ANALYZER: set.path }) };
});

const real = process.env.SQL_ANALYZER;
const ask = () => analyzeSql({ sql: 'SELECT 1', tables: [] });
const closed = async () => (await metrics().analyzerClosed.get()).values[0]?.value;

beforeEach(closeAnalyzer);
afterAll(closeAnalyzer);

test('without a setting there is no analyzer, and health says that the desk is closed', async () => {
  set.path = undefined;
  expect(isAnalyzerSet()).toBe(false);
  await expect(ask()).rejects.toThrow(AnalyzerAwayError);
  expect(await analyzerStanding()).toEqual({ ok: true, message: 'not set; the query desk is closed' });
});

test.each([
  ['a path where nothing is', '/nowhere/sql-analyzer'],
  ['a program that ends at once', '/bin/false'],
])('%s closes the desk, and a right one opens it again after a rest', async (_, path) => {
  set.path = path;
  expect(isAnalyzerSet()).toBe(true);
  await expect(ask()).rejects.toThrow(AnalyzerAwayError);
  expect(await closed()).toBe(1);
  expect(await analyzerStanding()).toEqual({ ok: false, message: 'cannot be started; the query desk is closed' });
  set.path = real;
  await expect(ask()).rejects.toThrow(AnalyzerAwayError);
  await sleep(300);
  expect(await ask()).toMatchObject({ ok: true });
  expect(await closed()).toBe(0);
});
