import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput, usageRow } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { usageDaysMirror } from '@/lib/domains/quotas/mirror';
import { mirrorCalls } from '@/lib/domains/quotas/mirror-calls';
import type { UsageDay } from '@/lib/domains/quotas/tables';
import { apiCallsLeft, countRefused, flushUsage, recordApiCall } from '@/lib/domains/quotas/usage-counts';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { outbox } from '@/lib/kernel/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import type { AppError } from '@/lib/platform/errors';

const refusal = (work: () => void): AppError | null => {
  try {
    work();
    return null;
  } catch (error) {
    return error as AppError;
  }
};

test('calls are counted without a statement each and written together', async () => {
  const { customerId } = await createWorld();
  for (let call = 0; call < 250; call++) recordApiCall(customerId);
  await flushUsage();
  for (let call = 0; call < 50; call++) recordApiCall(customerId);
  await flushUsage();
  expect(await storedCounter(db(), customerId)).toMatchObject({ apiCallsToday: 300, apiCallsMonth: 300 });
  expect(await usageRow(customerId)).toMatchObject({ apiCalls: 300, runs: 0 });
  expect(apiCallsLeft(customerId)).toBe(10_000 - 300);
});

test('counts are written by themselves within about a second', async () => {
  const { customerId } = await createWorld();
  recordApiCall(customerId);
  await expect.poll(async () => (await usageRow(customerId))?.apiCalls, { timeout: 5_000 }).toBe(1);
});

test('the call after the month’s last one is refused until the month ends, and is not counted', async () => {
  const { customerId } = await createWorld();
  await applyLimits(db(), customerId, { apiCallsMonthLimit: 5 });
  recordApiCall(customerId);
  await flushUsage();
  const refused = Array.from({ length: 10 }, () => refusal(() => recordApiCall(customerId))).filter(Boolean);
  expect(refused).toHaveLength(6);
  expect(refused[0]).toMatchObject({ code: 'usage_exceeded', status: 429 });
  expect(refused[0]?.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused[0]?.retryAfterSeconds).toBeLessThanOrEqual(31 * 86_400);
  await flushUsage();
  expect((await storedCounter(db(), customerId))?.apiCallsMonth).toBe(5);
});

test('a raised limit is seen at the next flush though every call was refused', async () => {
  const { customerId } = await createWorld();
  await applyLimits(db(), customerId, { apiCallsMonthLimit: 0 });
  recordApiCall(customerId);
  await flushUsage();
  expect(refusal(() => recordApiCall(customerId))?.code).toBe('usage_exceeded');
  await applyLimits(db(), customerId, { apiCallsMonthLimit: null });
  await flushUsage();
  expect(refusal(() => recordApiCall(customerId))).toBeNull();
  expect(apiCallsLeft(customerId)).toBeNull();
});

test('what was counted just before midnight goes to the day it happened, though the counter has moved on', async () => {
  const { customerId } = await createWorld();
  const yesterday = addDays(utcDay(new Date()), -1);
  recordApiCall(customerId, new Date(`${yesterday}T23:59:59.900Z`));
  countRefused(customerId, new Date(`${yesterday}T23:59:59.950Z`));
  recordApiCall(customerId);
  await flushUsage();
  expect(await usageRow(customerId, yesterday)).toMatchObject({ refused: 1, apiCalls: 1, runs: 0 });
  expect(await usageRow(customerId)).toMatchObject({ refused: 0, apiCalls: 1 });
  expect((await storedCounter(db(), customerId))?.apiCallsToday).toBe(1);
});

test('counts of an unknown customer harm nobody else’s', async () => {
  const { customerId } = await createWorld();
  recordApiCall('cus_nobody');
  recordApiCall(customerId);
  await flushUsage();
  expect(await usageRow(customerId)).toMatchObject({ apiCalls: 1 });
});

const changesToSend = (customerId: string) => db().select().from(outbox).where(eq(outbox.customerId, customerId));
const mirrored = async (customerId: string) => usageDaysMirror.toRow((await usageRow(customerId)) as UsageDay);
const count = async (customerId: string, calls: number, refused = 0) => {
  for (let call = 0; call < calls; call++) recordApiCall(customerId);
  for (let start = 0; start < refused; start++) countRefused(customerId);
  await flushUsage();
};

test('BigQuery hears of a customer’s calls at once and then every 5 minutes, not with every second’s', async () => {
  const { customerId } = await createWorld();
  await db().delete(outbox).where(eq(outbox.customerId, customerId));
  await count(customerId, 3);
  expect(await changesToSend(customerId)).toHaveLength(1);
  for (let second = 0; second < 5; second++) await count(customerId, 2);
  expect(await changesToSend(customerId)).toHaveLength(1);
  expect(await usageRow(customerId)).toMatchObject({ apiCalls: 13 });
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 3 });
});

test('the day’s first refused starts are told at once, later ones a minute after the last word', async () => {
  const { customerId, system } = await createWorld();
  await startRun(system, runInput());
  await count(customerId, 1, 2);
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 1, pipelines_refused_today: 2 });
  await count(customerId, 1, 1);
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 1, pipelines_refused_today: 2 });
  await mirrorCalls(new Date(Date.now() + 61_000));
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 2, pipelines_refused_today: 3 });
});

test('calls that nothing carries along are sent on after 5 minutes, once', async () => {
  const { customerId } = await createWorld();
  await count(customerId, 1);
  await count(customerId, 4);
  await db().delete(outbox).where(eq(outbox.customerId, customerId));
  await mirrorCalls(new Date());
  expect(await changesToSend(customerId)).toHaveLength(0);
  const later = new Date(Date.now() + 5 * 60_000 + 1_000);
  await mirrorCalls(later);
  await mirrorCalls(later);
  expect(await changesToSend(customerId)).toMatchObject([{ mirror: 'customers.customer_usage_quotas' }]);
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 5 });
});

test('a run that starts carries the calls counted so far along', async () => {
  const { customerId, system } = await createWorld();
  await count(customerId, 1);
  await count(customerId, 4);
  await startRun(system, runInput());
  expect(await mirrored(customerId)).toMatchObject({ total_api_calls_today: 5 });
});
