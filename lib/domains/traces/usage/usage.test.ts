import { beforeAll, describe, expect, test } from 'vitest';
import { insertTraces, insertUsageDays, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { listSessions, listSessionsInput } from '@/lib/domains/traces/sessions/list-sessions';
import { readUsage, type Usage, usageInput } from '@/lib/domains/traces/usage/usage';
import { usageCsv } from '@/lib/domains/traces/usage/usage-csv';
import { addDays, utcDay } from '@/lib/platform/clock';

const today = utcDay(new Date());
const at = (daysAgo: number, second = 0) =>
  new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + second * 1_000);

describe('AI usage of a range of days', () => {
  let world: World;
  const read = async (asked: object = {}): Promise<Usage> => readUsage(world.as('VIEWER'), usageInput.parse(asked));
  beforeAll(async () => {
    world = await createWorld();
    const claude = { model: 'anthropic/claude-3-opus', provider: 'anthropic' };
    await insertTraces(world, [
      requestRow({ at: at(0), book_cost_usd: 0.5, accepted_flag: 1, cache_read_tokens: 400 }),
      requestRow({ at: at(0, 1), book_cost_usd: 0.25, developer_id: 'jo@example.com' }),
      requestRow({ at: at(0, 2), ...claude, book_cost_usd: 2, session_id: 'session-2' }),
      requestRow({ at: at(1), ...claude, book_cost_usd: 1, status_code: 500, error_code: 'overloaded' }),
      requestRow({ at: at(2), model: 'local/llama', book_cost_usd: null, price_id: null, repo_slug: null }),
      requestRow({ at: at(40), book_cost_usd: 9 }),
    ]);
    await insertUsageDays(world, [
      {
        usage_key: 'k1',
        event_date: addDays(today, -60),
        repo_slug: 'acme/shop',
        developer_id: 'jo@example.com',
        model: 'openai/gpt-4o',
        provider: 'openai',
        requests: 10,
        sessions: 3,
        failed: 1,
        flagged: 2,
        tokens_in: 5_000,
        tokens_out: 500,
        cache_read_tokens: 100,
        cost_usd: 0.3,
        book_cost_usd: 0.2,
        unpriced: 4,
      },
    ]);
  });

  test('totals count requests, sessions, failures, tokens and costs, and how many have no price', async () => {
    const { total, state } = await read();
    expect(state).toBe('current');
    expect(total).toMatchObject({ requests: 5, sessions: 2, failed: 1, accepted: 1, unpriced: 1 });
    expect(total).toMatchObject({ tokensIn: 5_000, tokensOut: 1_000, cacheReadTokens: 400 });
    expect(total.bookCostUsd).toBeCloseTo(3.75, 9);
    // gpt-4o twice, opus twice and a model of no price in the document's table.
    expect(total.documentCostUsd).toBeCloseTo(2 * 0.008 + 2 * 0.03 + 0.012, 9);
  });

  test('the rows of a breakdown add up to the total and come by book cost, those without a name too', async () => {
    const { names, total } = await read();
    expect(names.map(({ name, use }) => [name, use.requests])).toEqual([
      ['anthropic/claude-3-opus', 2],
      ['openai/gpt-4o', 2],
      ['local/llama', 1],
    ]);
    expect(names.reduce((sum, { use }) => sum + use.bookCostUsd, 0)).toBeCloseTo(total.bookCostUsd, 9);
    expect((await read({ by: 'repository' })).names.map(({ name }) => name)).toEqual(['acme/shop', '']);
    expect((await read({ by: 'developer' })).names).toMatchObject([
      { name: 'mia@example.com', use: { requests: 4 } },
      { name: 'jo@example.com', use: { requests: 1 } },
    ]);
  });

  test('every day of the range is there, its parts by name in the order of the series', async () => {
    const { byDay, series, hasOthers, days } = await read({ days: '7' });
    expect(days).toEqual({ from: addDays(today, -6), to: today });
    expect(byDay.map(({ day }) => day)).toEqual([6, 5, 4, 3, 2, 1, 0].map(ago => addDays(today, -ago)));
    expect(series).toEqual(['anthropic/claude-3-opus', 'openai/gpt-4o', 'local/llama']);
    expect(hasOthers).toBe(false);
    expect(byDay.at(-1)).toMatchObject({
      use: { requests: 3, sessions: 2 },
      parts: [{ requests: 1, bookCostUsd: 2 }, { requests: 2, bookCostUsd: 0.75 }, { requests: 0 }, { requests: 0 }],
    });
    expect(byDay[0]?.use.requests).toBe(0);
  });

  test('filters narrow totals, names and days alike, also to rows that name nobody', async () => {
    const jo = await read({ developer: 'jo@example.com' });
    expect(jo.total).toMatchObject({ requests: 1, bookCostUsd: 0.25 });
    expect(jo.byDay.reduce((sum, { use }) => sum + use.requests, 0)).toBe(1);
    expect((await read({ repository: '(none)' })).total).toMatchObject({ requests: 1, unpriced: 1 });
    expect((await read({ model: 'openai/gpt-4o', repository: 'acme/shop' })).total.requests).toBe(2);
    expect((await read({ model: "x' OR '1'='1" })).total.requests).toBe(0);
  });

  test('days whose rows retention removed count by their aggregates', async () => {
    const { total, byDay } = await read({ days: '90' });
    expect(total).toMatchObject({ requests: 16, sessions: 5, failed: 2, accepted: 3, unpriced: 5, tokensIn: 11_000 });
    expect(byDay.find(({ day }) => day === addDays(today, -60))?.use).toMatchObject({ requests: 10, bookCostUsd: 0.2 });
  });

  test('as many sessions are counted as are listed: a request without one is one of its own', async () => {
    const plain = await createWorld();
    const rows = [0, 1, 2].map(second => requestRow({ at: at(0, second), session_id: second === 0 ? 'named' : null }));
    await insertTraces(plain, rows);
    const { total, byDay, names } = await readUsage(plain.system, usageInput.parse({ days: 7 }));
    const { sessions } = await listSessions(plain.system, listSessionsInput.parse({ days: 7 }));
    expect(sessions).toHaveLength(3);
    expect([total.sessions, byDay.at(-1)?.use.sessions, names[0]?.use.sessions]).toEqual([3, 3, 3]);
  });

  test('more than four names are four and the others', async () => {
    const busy = await createWorld();
    const rows = Array.from({ length: 6 }, (_, index) =>
      requestRow({ at: at(0, index), model: `m${index}`, book_cost_usd: index }),
    );
    await insertTraces(busy, rows);
    const usage = await readUsage(busy.system, usageInput.parse({ days: 7 }));
    expect(usage.series).toEqual(['m5', 'm4', 'm3', 'm2']);
    expect(usage.hasOthers).toBe(true);
    expect(usage.byDay.at(-1)?.parts.map(({ bookCostUsd }) => bookCostUsd)).toEqual([5, 4, 3, 2, 1]);
  });

  test('another customer sees none of it, and one without any trace sees zeros', async () => {
    const stranger = (await createWorld()).as('OWNER');
    const { total, names, byDay } = await readUsage(stranger, usageInput.parse({ days: 90 }));
    expect(total).toMatchObject({ requests: 0, bookCostUsd: 0 });
    expect(names).toEqual([]);
    expect(byDay).toHaveLength(90);
  });

  test('both files hold what the page holds, names as they were sent', async () => {
    const usage = await read({ by: 'developer' });
    const text = async (rows: 'days' | 'names') =>
      (await Array.fromAsync(usageCsv(usage, rows))).join('').trim().split('\r\n');
    expect(await text('names')).toHaveLength(3);
    expect((await text('names'))[1]).toMatch(/^mia@example\.com,4,2,1,1,4000,800,/);
    expect(await text('days')).toHaveLength(31);
  });
});
