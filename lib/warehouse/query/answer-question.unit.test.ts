import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { BigQueryLateError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { metrics } from '@/lib/platform/metrics';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { answerQuestion, type Question } from '@/lib/warehouse/query/answer-question';
import { BudgetSpentError } from '@/lib/warehouse/query/query-budget';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

/** A table whose version the test moves, and a question of it. */
class Table {
  version = 1;
  day = '2030-01-01';
  asked = 0;
  fails: Error | undefined;
  readonly question: Question;

  constructor(shownForMs: number) {
    const ask = async () => {
      this.asked += 1;
      if (this.fails) throw this.fails;
      const { version } = this;
      await sleep(5);
      return { rows: [{ version }], stamp: `v${version}`, waiting: [] };
    };
    this.question = { key: 'question', day: () => this.day, shownForMs, ask };
  }

  async view(): Promise<{ version: unknown; state: string }> {
    const { kept, state } = await answerQuestion(this.question, `v${this.version}`, new Date());
    return { version: kept.rows[0]?.version, state };
  }
}

async function countOf(outcome: string): Promise<number> {
  const { values } = await metrics().queryCache.get();
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
}

beforeEach(() => {
  clearQueryCache();
  forgetProcessWide('warehouse-state');
});

test('while nothing changes BigQuery is asked once', async () => {
  const table = new Table(200);
  for (let view = 0; view < 5; view++) expect(await table.view()).toEqual({ version: 1, state: 'current' });
  expect(table.asked).toBe(1);
});

test('while rows change all the time no view waits, and BigQuery is asked once in the time that rows are shown', async () => {
  const table = new Table(300);
  await table.view();
  const states = new Set<string>();
  const until = performance.now() + 1_000;
  while (performance.now() < until) {
    table.version += 1;
    const { asked } = table;
    const { state } = await table.view();
    states.add(state);
    expect(table.asked, 'a view asked BigQuery').toBe(asked);
    await sleep(10);
  }
  expect(states).toContain('refreshing');
  // 1,000 ms hold three refreshes of 300 ms each, after the first question.
  expect(table.asked).toBeGreaterThanOrEqual(3);
  expect(table.asked).toBeLessThanOrEqual(4);
});

test('the refresh behind brings the newer rows', async () => {
  const table = new Table(150);
  await table.view();
  table.version = 2;
  expect(await table.view()).toEqual({ version: 1, state: 'refreshing' });
  await expect.poll(() => table.asked).toBe(2);
  await sleep(20);
  expect(await table.view()).toEqual({ version: 2, state: 'current' });
});

test('rows that are older than that are asked for, and waited for', async () => {
  const table = new Table(50);
  await table.view();
  await sleep(80);
  table.version = 2;
  expect(await table.view()).toEqual({ version: 2, state: 'current' });
});

test('rows of yesterday are never today’s', async () => {
  const table = new Table(10_000);
  await table.view();
  table.day = '2030-01-02';
  table.version = 2;
  expect(await table.view()).toEqual({ version: 2, state: 'current' });
});

test('a question that never shows older rows is asked whenever something changed', async () => {
  const table = new Table(0);
  await table.view();
  table.version = 2;
  expect(await table.view()).toEqual({ version: 2, state: 'current' });
});

test.each([
  ['BigQuery is away', new BigQueryUnavailableError('gone'), 'unavailable', 'warehouse_unavailable', 10],
  ['BigQuery is only slow', new BigQueryLateError('late'), 'slow', 'warehouse_unavailable', 10],
  ['the customer’s questions are used up', new BudgetSpentError(42), 'limited', 'rate_limited', 42],
])(
  'where %s the last rows are shown as such, and without any the caller is told when to come again',
  async (...args) => {
    const [, fails, state, code, retryAfterSeconds] = args;
    const table = new Table(0);
    table.fails = fails;
    await expect(table.view()).rejects.toMatchObject({ code, retryAfterSeconds });
    table.fails = undefined;
    await table.view();
    table.fails = fails;
    table.version = 2;
    const before = await countOf(state);
    expect(await table.view()).toEqual({ version: 1, state });
    expect(await countOf(state)).toBe(before + 1);
  },
);
