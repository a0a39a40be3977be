import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { usageDaysMirror } from '@/lib/domains/quotas/mirror';
import { usageDays } from '@/lib/domains/quotas/tables';
import { invoicesMirror, subscriptionChangesMirror } from '@/lib/domains/subscriptions/mirror';
import { type ReportedCustomer, readMonthChanges, readMonthReport } from '@/lib/domains/subscriptions/reports/reports';
import { changesCsv, customersCsv } from '@/lib/domains/subscriptions/reports/reports-csv';
import type { PlanName, SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { invoices, type SubscriptionChange, subscriptionChanges } from '@/lib/domains/subscriptions/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

type Held = [at: string, plan: PlanName, status: SubscriptionStatus];

/** Puts a history of plans in the place of the one that a new customer has. */
async function giveHistory(world: World, history: Held[]): Promise<void> {
  await db().delete(subscriptionChanges).where(eq(subscriptionChanges.customerId, world.customerId));
  const rows = history.map(
    ([at, toPlan, toStatus], index): SubscriptionChange => ({
      changeId: newId('sch'),
      customerId: world.customerId,
      subscriptionId: world.subscription.subscriptionId,
      changedAt: new Date(at),
      fromPlan: history[index - 1]?.[1] ?? null,
      toPlan,
      fromStatus: history[index - 1]?.[2] ?? null,
      toStatus,
      cause: index === 0 ? 'sign_up' : 'stripe',
    }),
  );
  await db().transaction(async tx => {
    await tx.insert(subscriptionChanges).values(rows);
    await enqueue(
      tx,
      rows.map(row => subscriptionChangesMirror.ref(row)),
    );
  });
}

async function giveUse(world: World, day: string, runs: number, refused: number, calls: number): Promise<void> {
  await db().transaction(async tx => {
    const [row] = await tx
      .insert(usageDays)
      .values({
        usageId: `${world.customerId}_${day.replaceAll('-', '')}`,
        customerId: world.customerId,
        usageDate: day,
        runs,
        refused,
        apiCalls: calls,
        dailyLimit: 6,
        concurrentLimit: 3,
      })
      .returning();
    if (row) await enqueue(tx, [usageDaysMirror.ref(row)]);
  });
}

type Billed = {
  at: string;
  total: number;
  paid: number;
  currency?: string;
  status?: 'paid' | 'open' | 'draft' | 'void';
};

async function giveInvoice(
  world: World,
  { at, total, paid, currency = 'USD', status = 'paid' }: Billed,
): Promise<void> {
  await db().transaction(async tx => {
    const [row] = await tx
      .insert(invoices)
      .values({
        invoiceId: `in_${randomText(16)}`,
        customerId: world.customerId,
        status,
        currency,
        totalCents: total,
        amountDueCents: total,
        amountPaidCents: paid,
        createdAt: new Date(at),
      })
      .returning();
    if (row) await enqueue(tx, [invoicesMirror.ref(row)]);
  });
}

const staff = (at: string): Ctx => ({
  ...systemCtx('test', undefined, () => new Date(at)),
  actor: { type: 'staff', id: `reporter-${tag}@tenantry.example` },
});
const tag = randomText(8);
const nothing = {
  starter_days: 0,
  professional_days: 0,
  scale_days: 0,
  trial_days: 0,
  days_without_plan: 0,
  changes: 0,
  runs: 0,
  runs_refused: 0,
  api_calls: 0,
  invoiced: [],
};

describe('the month’s report', () => {
  let moving: World;
  let oneDay: World;
  let owing: World;
  let fromApril: World;
  let usingOnly: World;
  let billedOnly: World;

  beforeAll(async () => {
    [moving, oneDay, owing] = await Promise.all([createWorld(), createWorld(), createWorld()]);
    [fromApril, usingOnly, billedOnly] = await Promise.all([createWorld(), createWorld(), createWorld()]);
    await giveHistory(moving, [
      ['2025-02-10T15:00:00.000Z', 'STARTER', 'TRIAL'],
      ['2025-03-05T23:59:59.999Z', 'STARTER', 'ACTIVE'],
      ['2025-03-20T00:00:00.000Z', 'PROFESSIONAL', 'ACTIVE'],
      ['2025-03-20T12:00:00.000Z', 'SCALE', 'ACTIVE'],
      ['2025-04-01T00:00:00.000Z', 'SCALE', 'CANCELLED'],
    ]);
    await giveHistory(oneDay, [
      ['2025-03-31T23:59:59.999Z', 'PROFESSIONAL', 'ACTIVE'],
      ['2025-04-01T00:00:00.000Z', 'PROFESSIONAL', 'CANCELLED'],
    ]);
    await giveHistory(owing, [
      ['2024-01-01T00:00:00.000Z', 'STARTER', 'ACTIVE'],
      ['2025-03-10T10:00:00.000Z', 'STARTER', 'PAST_DUE'],
      ['2025-03-17T10:00:00.000Z', 'STARTER', 'EXPIRED'],
    ]);
    await giveHistory(fromApril, [['2025-04-01T00:00:00.000Z', 'SCALE', 'TRIAL']]);
    for (const world of [usingOnly, billedOnly])
      await giveHistory(world, [['2024-05-01T00:00:00.000Z', 'STARTER', 'CANCELLED']]);
    await giveUse(moving, '2025-02-28', 100, 100, 100);
    await giveUse(moving, '2025-03-01', 6, 2, 40);
    await giveUse(moving, '2025-03-31', 4, 1, 60);
    await giveUse(moving, '2025-04-01', 100, 100, 100);
    await giveUse(usingOnly, '2025-03-15', 0, 5, 0);
    await giveInvoice(moving, { at: '2025-03-01T00:00:00.000Z', total: 4_900, paid: 4_900 });
    await giveInvoice(moving, { at: '2025-03-31T23:59:59.999Z', total: 20_000, paid: 5_050, status: 'open' });
    await giveInvoice(moving, { at: '2025-03-15T10:00:00.000Z', total: -100, paid: 0, currency: 'EUR' });
    await giveInvoice(moving, { at: '2025-03-15T10:00:00.000Z', total: 777, paid: 777, status: 'void' });
    await giveInvoice(moving, { at: '2025-03-15T10:00:00.000Z', total: 777, paid: 0, status: 'draft' });
    await giveInvoice(moving, { at: '2025-04-01T00:00:00.000Z', total: 777, paid: 777 });
    await giveInvoice(billedOnly, { at: '2025-03-02T10:00:00.000Z', total: 900, paid: 900 });
    const all = [moving, oneDay, owing, fromApril, usingOnly, billedOnly];
    await flushOnce(relayDeps(), { customers: all.map(world => world.customerId) });
  }, 120_000);

  /** The customer's line of the month as seen at `at`; undefined where it has none. */
  const lineOf = async (world: World, month: string, at = '2025-06-01T00:00:00Z') =>
    (await readMonthReport(staff(at), month)).customers.find(row => row.customer_id === world.customerId);

  test('a day belongs to the plan at its end; days, runs and money of the months beside it are left out', async () => {
    expect(await lineOf(moving, '2025-03')).toEqual({
      ...nothing,
      customer_id: moving.customerId,
      company_name: moving.customer.companyName,
      subscription_plan: 'STARTER',
      status: 'TRIAL',
      starter_days: 19,
      scale_days: 12,
      trial_days: 4,
      changes: 3,
      runs: 10,
      runs_refused: 3,
      api_calls: 100,
      invoiced: [
        { currency: 'EUR', invoices: 1, total_cents: -100, paid_cents: 0 },
        { currency: 'USD', invoices: 2, total_cents: 24_900, paid_cents: 9_950 },
      ],
    } satisfies ReportedCustomer);
  });

  test('of the month that runs, days up to today count, today included', async () => {
    const line = await lineOf(moving, '2025-03', '2025-03-10T08:00:00Z');
    expect(line).toMatchObject({ starter_days: 10, scale_days: 0, trial_days: 4, changes: 1, runs: 6, api_calls: 40 });
  });

  test('who came or left within a month has days of it only, and is left out of the months after', async () => {
    expect(await lineOf(moving, '2025-02')).toMatchObject({ starter_days: 19, trial_days: 19, changes: 1, runs: 100 });
    expect(await lineOf(oneDay, '2025-02')).toBeUndefined();
    expect(await lineOf(oneDay, '2025-03')).toMatchObject({ ...nothing, professional_days: 1, changes: 1 });
    expect(await lineOf(oneDay, '2025-04')).toMatchObject({ ...nothing, days_without_plan: 30, changes: 1 });
    expect(await lineOf(oneDay, '2025-05')).toBeUndefined();
    expect(await lineOf(fromApril, '2025-03')).toBeUndefined();
    expect(await lineOf(fromApril, '2025-04')).toMatchObject({
      ...nothing,
      scale_days: 30,
      trial_days: 30,
      changes: 1,
    });
  });

  test('unpaid days of grace count, days after it do not; February has as many as the year gives it', async () => {
    expect(await lineOf(owing, '2025-03')).toMatchObject({ starter_days: 16, days_without_plan: 15, changes: 2 });
    expect(await lineOf(owing, '2024-02')).toMatchObject({ ...nothing, starter_days: 29 });
    expect(await lineOf(owing, '2025-02')).toMatchObject({ ...nothing, starter_days: 28 });
  });

  test('refused runs or an invoice alone are enough for a line', async () => {
    expect(await lineOf(usingOnly, '2025-03')).toMatchObject({ ...nothing, days_without_plan: 31, runs_refused: 5 });
    expect(await lineOf(billedOnly, '2025-03')).toMatchObject({
      ...nothing,
      days_without_plan: 31,
      invoiced: [{ currency: 'USD', invoices: 1, total_cents: 900, paid_cents: 900 }],
    });
  });

  test('the changes of the month are in their order, those at its borders included once', async () => {
    const listed = async (world: World, month: string) =>
      (await readMonthChanges(staff('2025-06-01T00:00:00Z'), month)).filter(
        row => row.customer_id === world.customerId,
      );
    expect(await listed(moving, '2025-03')).toMatchObject([
      { from_status: 'TRIAL', to_status: 'ACTIVE', changed_at: new Date('2025-03-05T23:59:59.999Z') },
      { from_plan: 'STARTER', to_plan: 'PROFESSIONAL' },
      { from_plan: 'PROFESSIONAL', to_plan: 'SCALE', cause: 'stripe', company_name: moving.customer.companyName },
    ]);
    expect((await listed(oneDay, '2025-03')).map(row => row.cause)).toEqual(['sign_up']);
    expect((await listed(oneDay, '2025-04')).map(row => row.to_status)).toEqual(['CANCELLED']);
    const csv = changesCsv(await listed(oneDay, '2025-04')).split('\r\n');
    expect(csv[0]).toBe('changed_at,customer_id,company_name,from_plan,to_plan,from_status,to_status,cause,change_id');
    expect(csv[1]).toMatch(/^2025-04-01T00:00:00.000Z,.*,PROFESSIONAL,PROFESSIONAL,ACTIVE,CANCELLED,stripe,sch_/);
  });

  test('the file has amounts in the currency’s own unit, a column pair for each', async () => {
    const line = await lineOf(moving, '2025-03');
    if (!line) throw new Error('the customer has no line');
    const [head, row, end] = customersCsv({ month: '2025-03', customers: [line] }).split('\r\n');
    expect(head).toMatch(/,api_calls,invoices,invoiced_eur,paid_eur,invoiced_usd,paid_usd$/);
    expect(row).toBe(
      `2025-03,${moving.customerId},${moving.customer.companyName},STARTER,TRIAL,19,0,12,4,0,3,10,3,100,3,-1,0,249,99.5`,
    );
    expect(end).toBe('');
  });

  test('only staff read it, each time on record; a month to come has none', async () => {
    await expect(readMonthReport(moving.as('OWNER'), '2025-03')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(readMonthChanges(moving.as('OWNER'), '2025-03')).rejects.toMatchObject({ code: 'forbidden' });
    const early = staff('2025-03-10T08:00:00Z');
    await expect(readMonthReport(early, '2025-04')).rejects.toMatchObject({ code: 'invalid_input' });
    const reads = () =>
      db()
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.actorId, early.actor.id), eq(auditLog.action, 'subscription.report_changes')));
    const before = (await reads()).length;
    await readMonthChanges(early, '2025-03');
    expect((await reads()).length).toBe(before + 1);
  });
});
