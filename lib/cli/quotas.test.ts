import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { runInput } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { createKey } from '@/lib/domains/keys/commands';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const run = (...line: string[]) => operator('quotas', ...line);

test('set-limits applies a limit at once, on the subscription too, with an audit row', async () => {
  const { customerId, system } = await createWorld();
  const { code, out } = await run('set-limits', customerId, '--daily', '1', '--concurrent', '50', '--api-calls', '7');
  expect([code, out]).toEqual([
    0,
    `${customerId}: daily_limit 1, monthly_limit none, concurrent_limit 50, api_calls_month_limit 7\n`,
  ]);
  await startRun(system, runInput());
  await expect(startRun(system, runInput())).rejects.toMatchObject({ code: 'quota_exceeded' });
  const [subscription] = await db().select().from(subscriptions).where(eq(subscriptions.customerId, customerId));
  expect(subscription).toMatchObject({ maxPipelinesPerDay: 1, maxConcurrentPipelines: 50, maxApiCallsPerMonth: 7 });
  const [audit] = await db().select().from(auditLog).where(eq(auditLog.customerId, customerId));
  expect(audit).toMatchObject({ action: 'quota.set_limits', before: { daily_limit: 6 }, after: { daily_limit: 1 } });
});

test('check reports a wrong counter with exit code 1 until --repair puts it right', async () => {
  const { customerId } = await createWorld();
  await db().update(quotaCounters).set({ running: 2 }).where(eq(quotaCounters.customerId, customerId));
  expect(await run('check', '--customer', customerId)).toMatchObject({
    code: 1,
    out: expect.stringContaining('running: stored 2, actual 0\n1 customers checked, 1 differences\n'),
  });
  expect((await run('check', '--repair', '--customer', customerId)).code).toBe(0);
  expect((await storedCounter(db(), customerId))?.running).toBe(0);
  expect((await run('check', '--customer', customerId)).out).toBe('1 customers checked, 0 differences\n');
});

test('set-keys sets how many active keys a customer may have', async () => {
  const { customerId, as } = await createWorld();
  const { code, out } = await run('set-keys', customerId, '1');
  expect([code, out]).toEqual([0, `${customerId}: max_active_keys 1\n`]);
  await createKey(as('OWNER'), { name: 'first', scopes: ['runs:read'] });
  await expect(createKey(as('OWNER'), { name: 'second', scopes: ['runs:read'] })).rejects.toMatchObject({
    message: '1 of 1 API keys are active. Revoke one, or ask support for more.',
  });
  expect(await run('set-keys', customerId, 'many')).toMatchObject({ code: 1 });
});

test('set-events sets how many events a month a customer may send, and none gives its plan’s number back', async () => {
  const { customerId, as } = await createWorld();
  expect(await run('set-events', customerId, '5000')).toMatchObject({
    code: 0,
    out: `${customerId}: max_events_per_month 5000\n`,
  });
  expect(await eventUse(as('VIEWER'))).toMatchObject({ limit: 5_000 });
  expect(await run('set-events', customerId, 'none')).toMatchObject({
    code: 0,
    out: `${customerId}: max_events_per_month 100000\n`,
  });
  expect(await eventUse(as('VIEWER'))).toMatchObject({ limit: 100_000 });
  expect(await run('set-events', customerId, 'many')).toMatchObject({ code: 1 });
});

const wrong: [args: string[], code: number, says: string][] = [
  [[], 2, 'Name a command'],
  [['check', '--nonsense'], 2, "Unknown option '--nonsense'"],
  [['check', '--from', 'yesterday'], 2, 'YYYY-MM-DD'],
  [['set-limits'], 2, 'Missing required positional argument: CUSTOMER'],
  [['set-events', 'cus_nobody', '5'], 1, 'There is no customer cus_nobody'],
  [['set-keys', 'cus_nobody', '5'], 1, 'There is no customer cus_nobody'],
  [['set-limits', 'cus_nobody', '--daily', '5'], 1, 'There is no customer cus_nobody'],
];
test.each(wrong)('quotas %j exits with %i and says why', async (args, code, says) => {
  const answer = await run(...args);
  expect(answer.code).toBe(code);
  expect(answer.err).toContain(says);
});

test('a limit that is no number, or none at all, changes nothing', async () => {
  const { customerId } = await createWorld();
  expect(await run('set-limits', customerId, '--daily', 'many')).toMatchObject({ code: 1 });
  expect(await run('set-limits', customerId)).toMatchObject({ code: 1, err: expect.stringContaining('at least one') });
  expect((await storedCounter(db(), customerId))?.dailyLimit).toBe(6);
});
