import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertTraces, insertUsageDays, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { notifications } from '@/lib/domains/notifications/tables';
import { createBudget, editBudget } from '@/lib/domains/traces/budgets/budgets';
import { listBudgets, listSpentBudgets } from '@/lib/domains/traces/budgets/list-budgets';
import { measureBudgets } from '@/lib/domains/traces/budgets/measure-budgets';
import { aiBudgets } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { takeQuestion } from '@/lib/warehouse/query/query-budget';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

const now = new Date('2031-06-20T12:00:00Z');
const clock = () => now;
const shop = { scope: 'repository', subject: 'acme/shop' } as const;
const spend = (at: string, usd: number | null, change: object = {}) =>
  requestRow({
    at: new Date(at),
    repo_slug: 'acme/shop',
    book_cost_usd: usd,
    price_id: usd === null ? null : 'p',
    ...change,
  });
/** Each call brings rows with hashes of their own: `add` never replaces. */
const add = (world: World, usd: number) => insertTraces(world, [spend('2031-06-19T10:00:00Z', usd)]);
const as = (world: World, at = now) => ({ ...world.as('VIEWER'), clock: () => at });

async function measure({ customerId }: World, at = now) {
  clearQueryCache();
  return measureBudgets({ clock: () => at, customers: [customerId] });
}
/** What the owner is told, by name. */
async function told({ customerId, members }: World): Promise<string[]> {
  const rows = await db().select().from(notifications).where(eq(notifications.customerId, customerId));
  return rows
    .filter(({ recipient }) => recipient === members.OWNER.email)
    .map(({ event, data }) => `${event} ${(data as { amount_usd: number }).amount_usd}`)
    .sort();
}

test('80 % and then 100 % are told once each, to owners and admins', async () => {
  const world = await createWorld();
  await createBudget({ ...world.system, clock }, { ...shop, amount_usd: 10 });
  await add(world, 7.99);
  await measure(world);
  expect(await told(world)).toEqual([]);
  await add(world, 0.01);
  await Promise.all([measure(world), measure(world)]);
  await measure(world);
  expect(await told(world)).toEqual(['ai_budget_warning 10']);
  await add(world, 2);
  await measure(world);
  await measure(world, new Date(now.getTime() + 900_000));
  expect(await told(world)).toEqual(['ai_budget_reached 10', 'ai_budget_warning 10']);
  const all = await db().select().from(notifications).where(eq(notifications.customerId, world.customerId));
  const queued = all.filter(row => row.status === 'queued').map(row => row.recipient);
  expect(new Set(queued)).toEqual(new Set([world.members.OWNER.email, world.members.ADMIN.email]));
  expect(all.find(row => row.event === 'ai_budget_reached')?.data).toMatchObject({
    about: 'the repository acme/shop',
    month: '2031-06-01',
    amount_usd: 10,
    unpriced: 0,
  });
  expect(await listSpentBudgets(as(world), {})).toMatchObject([{ ...shop, amount_usd: 10 }]);
  expect(await listSpentBudgets(as(world, new Date('2031-07-01T00:00:00Z')), {})).toEqual([]);
});

test('a budget made when more was spent is told of at once, of the whole alone; another amount is told of anew', async () => {
  const world = await createWorld();
  await add(world, 15);
  const { result } = await createBudget({ ...world.system, clock }, { ...shop, amount_usd: 10 });
  const change = (amount_usd: number) => editBudget(world.system, { budget_id: result.budget_id, amount_usd });
  await measure(world);
  expect(await told(world)).toEqual(['ai_budget_reached 10']);
  await change(18);
  await measure(world);
  expect(await told(world)).toEqual(['ai_budget_reached 10', 'ai_budget_warning 18']);
  await change(100);
  await measure(world);
  await change(10);
  await measure(world);
  expect(await told(world)).toEqual(['ai_budget_reached 10', 'ai_budget_warning 18']);
});

test('what falls below a mark and comes back is told no second time, nor is 80 % after 100 %', async () => {
  const world = await createWorld();
  await createBudget({ ...world.system, clock }, { ...shop, amount_usd: 10 });
  await add(world, 12);
  await measure(world);
  // A recalculation with lower prices does so: here a correction of the day's sum.
  const correct = (usd: number) =>
    insertUsageDays(world, [
      {
        usage_key: `correction ${usd}`,
        event_date: '2031-06-02',
        repo_slug: 'acme/shop',
        developer_id: null,
        model: 'openai/gpt-4o',
        provider: null,
        requests: 0,
        sessions: 0,
        failed: 0,
        flagged: 0,
        tokens_in: 0,
        tokens_out: 0,
        cache_read_tokens: 0,
        cost_usd: 0,
        book_cost_usd: usd,
        unpriced: 0,
      },
    ]);
  for (const usd of [-3, -6, 6]) {
    await correct(usd);
    await measure(world);
  }
  expect(await told(world)).toEqual(['ai_budget_reached 10']);
});

test('a month’s spending counts from its first day, with days that retention removed, each subject by itself', async () => {
  const world = await createWorld();
  const owner = { ...world.as('OWNER'), clock };
  await insertTraces(world, [
    spend('2031-05-31T23:59:59Z', 1_000),
    spend('2031-06-01T00:00:00Z', 2),
    spend('2031-06-20T11:00:00Z', 3, { developer_id: 'jo@example.com', model: 'local/llama' }),
    spend('2031-06-20T11:00:01Z', null, { repo_slug: null }),
  ]);
  await insertUsageDays(world, [
    {
      usage_key: 'gone',
      event_date: '2031-06-01',
      repo_slug: 'acme/shop',
      developer_id: 'jo@example.com',
      model: 'openai/gpt-4o',
      provider: 'openai',
      requests: 10,
      sessions: 1,
      failed: 0,
      flagged: 0,
      tokens_in: 1,
      tokens_out: 1,
      cache_read_tokens: 0,
      cost_usd: 1,
      book_cost_usd: 4,
      unpriced: 2,
    },
  ]);
  const subjects = [
    ['all', ''],
    ['repository', 'acme/shop'],
    ['repository', '(none)'],
    ['developer', 'jo@example.com'],
    ['model', 'openai/gpt-4o'],
    ['model', 'nobody/uses-it'],
  ] as const;
  for (const [scope, subject] of subjects) await createBudget(owner, { scope, subject, amount_usd: 100 });
  const list = await listBudgets(as(world), {});
  expect(list.month).toBe('2031-06-01');
  expect(
    Object.fromEntries(list.budgets.map(row => [`${row.scope}:${row.subject}`, [row.spent_usd, row.unpriced]])),
  ).toEqual({
    'all:': [9, 3],
    'repository:acme/shop': [9, 2],
    'repository:(none)': [0, 1],
    'developer:jo@example.com': [7, 2],
    'model:openai/gpt-4o': [6, 3],
    'model:nobody/uses-it': [0, 0],
  });
  expect(list.budgets[0]).toMatchObject({ spent_usd: 9 });
  await measure(world);
  const stored = await db().select().from(aiBudgets).where(eq(aiBudgets.customerId, world.customerId));
  expect(stored.map(({ spentUsd }) => spentUsd).sort()).toEqual([0, 0, 6, 7, 9, 9]);
  expect(new Set(stored.map(({ spentMonth }) => spentMonth))).toEqual(new Set(['2031-06-01']));
});

test('another customer’s spending counts nothing, and one that sent nothing has spent nothing', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  await add(other, 500);
  await createBudget({ ...world.system, clock }, { scope: 'all', amount_usd: 1 });
  await measure(world);
  expect(await told(world)).toEqual([]);
  expect((await listBudgets(as(world), {})).budgets).toMatchObject([{ spent_usd: 0, unpriced: 0, state: 'ok' }]);
});

test('a customer that cannot be measured is counted and leaves the others, and keeps what was measured before', async () => {
  const [spent, other] = [await createWorld(), await createWorld()];
  for (const world of [spent, other]) {
    await add(world, 5);
    await createBudget({ ...world.system, clock }, { scope: 'all', amount_usd: 5 });
  }
  await measure(spent);
  await add(spent, 5);
  for (let question = 1; question < env().BIGQUERY_QUESTIONS_PER_MINUTE; question++)
    await takeQuestion(spent.customerId);
  clearQueryCache();
  const customers = [spent.customerId, other.customerId];
  expect(await measureBudgets({ clock, customers })).toEqual({ customers: 1, told: 1, failed: 1 });
  expect(await told(other)).toEqual(['ai_budget_reached 5']);
  const [kept] = await db().select().from(aiBudgets).where(eq(aiBudgets.customerId, spent.customerId));
  expect(kept).toMatchObject({ spentUsd: 5, spentMonth: '2031-06-01' });
});
