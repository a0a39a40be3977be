import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { deferredTables, mirrorBudget } from '@/lib/warehouse/mirror/schedule/budget-status';

const mirror = `tenant.budget_${randomText(8)}`;
const [debtor, thrifty] = [`c${randomText(8)}`, `c${randomText(8)}`] as const;
const tib = 1024 ** 4;

beforeAll(async () => {
  for (const [customer, bytes] of [
    [debtor, 1_000 * tib],
    [thrifty, 0],
  ] as const) {
    await db().execute(sql`INSERT INTO mirror_spend (customer_id, month, bytes_billed, merges)
      VALUES (${customer}, date_trunc('month', now() AT TIME ZONE 'UTC'), ${bytes}, 1)`);
    await db().execute(sql`INSERT INTO outbox (mirror, key, customer_id) VALUES (${mirror}, 'one', ${customer})`);
  }
});
afterAll(async () => {
  await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror}`);
  await db().execute(sql`DELETE FROM mirror_spend WHERE customer_id IN (${debtor}, ${thrifty})`);
});

test('who is on course above the budget is told with what was spent and how often the tables are written', async () => {
  const { spentUsd, overCourse, activeTenants } = await mirrorBudget();
  expect(spentUsd).toBeGreaterThanOrEqual(6_250);
  expect(activeTenants).toBeGreaterThanOrEqual(2);
  expect(overCourse.find(({ customerId }) => customerId === debtor)).toMatchObject({
    spentUsd: 6_250,
    intervalSeconds: 900,
  });
  expect(overCourse.find(({ customerId }) => customerId === thrifty)).toBeUndefined();
});

test('tables that wait for the budget are told, with how long and until when; those that wait for a moment are not', async () => {
  const deferred = await deferredTables([mirror]);
  expect(deferred).toEqual([
    { mirror, customerId: debtor, waitingSeconds: expect.any(Number) as number, intervalSeconds: 900 },
  ]);
});

test('what was spent last month does not count', async () => {
  await db().execute(sql`UPDATE mirror_spend SET month = month - interval '1 month' WHERE customer_id = ${debtor}`);
  const { overCourse } = await mirrorBudget();
  expect(overCourse.find(({ customerId }) => customerId === debtor)).toBeUndefined();
  expect(await deferredTables([mirror])).toEqual([]);
});
