import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { customersMirror } from '@/lib/domains/customers/mirror';
import { listActiveCustomers, listTrialsEnding } from '@/lib/domains/customers/queries';
import { customers } from '@/lib/domains/customers/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { auditLog } from '@/lib/kernel/tables';
import { addDays, systemClock, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newUuid, randomText } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const staff = (): Ctx => ({
  actor: { type: 'staff', id: `staff-${randomText(6)}@example.com` },
  customerId: null,
  tenantDatasetId: null,
  requestId: newUuid(),
  ipPrefix: null,
  userAgent: null,
  clock: systemClock,
});

async function trialEndingIn(days: number): Promise<string> {
  const { customerId } = await createWorld();
  await db().transaction(async tx => {
    const changed = await tx
      .update(customers)
      .set({ trialEndDate: addDays(utcDay(new Date()), days) })
      .where(eq(customers.customerId, customerId))
      .returning();
    await enqueue(tx, changed.map(customersMirror.ref));
  });
  await flushOnce(relayDeps(), { customers: [customerId], mirrors: ['customers.customer_profiles'] });
  return customerId;
}

test('trials that end today and in 7 days are listed, those of yesterday and in 8 days are not (C-54)', async () => {
  const [yesterday, today, seventh, eighth] = [
    await trialEndingIn(-1),
    await trialEndingIn(0),
    await trialEndingIn(7),
    await trialEndingIn(8),
  ];
  const { rows } = await listTrialsEnding(staff(), {});
  const listed = new Map(rows.map(row => [row.customer_id, row.days_remaining]));
  expect([listed.get(today), listed.get(seventh)]).toEqual([0, 7]);
  expect([listed.has(yesterday), listed.has(eighth)]).toEqual([false, false]);
});

test('active customers are listed newest first, and the question is on record (C-51)', async () => {
  const first = await trialEndingIn(3);
  const second = await trialEndingIn(3);
  const ctx = staff();
  const ids = (await listActiveCustomers(ctx, {})).rows.map(row => row.customer_id);
  expect(ids.indexOf(second)).toBeGreaterThanOrEqual(0);
  expect(ids.indexOf(second)).toBeLessThan(ids.indexOf(first));
  const audit = await db().select().from(auditLog).where(eq(auditLog.actorId, ctx.actor.id));
  expect(audit).toMatchObject([{ action: 'customer.list_active', customerId: null, outcome: 'ok' }]);
});
