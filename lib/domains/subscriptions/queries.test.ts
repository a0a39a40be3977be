import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { invoicesMirror } from '@/lib/domains/subscriptions/mirror';
import { listInvoices, readBilling } from '@/lib/domains/subscriptions/queries';
import { type Invoice, invoices } from '@/lib/domains/subscriptions/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const day = (number: number) => new Date(Date.UTC(2026, 9, number, 12));

async function addInvoices(world: World, facts: Partial<Invoice>[]): Promise<void> {
  await db().transaction(async tx => {
    const rows = await tx
      .insert(invoices)
      .values(
        facts.map((fact, index) => ({
          invoiceId: newId('in'),
          customerId: world.customerId,
          number: `T-${index + 1}`,
          status: 'paid' as const,
          currency: 'USD',
          totalCents: 19_900,
          amountDueCents: 19_900,
          amountPaidCents: 19_900,
          createdAt: day(index + 1),
          ...fact,
        })),
      )
      .returning();
    await enqueue(
      tx,
      rows.map(row => invoicesMirror.ref(row)),
    );
  });
  await flushOnce(relayDeps(), { customers: [world.customerId] });
}

test('invoices come newest first, page by page, without drafts and without those of a trial', async () => {
  const world = await createWorld();
  const sameInstant = { createdAt: day(20) };
  await addInvoices(world, [
    {},
    { status: 'open', lastError: 'card declined', attemptCount: 1 },
    { status: 'draft' },
    { totalCents: 0 },
    { ...sameInstant, number: 'T-5' },
    { ...sameInstant, number: 'T-6', totalCents: -500 },
  ]);
  const owner = world.as('OWNER');
  const all = await listInvoices(owner, {});
  expect(all.nextCursor).toBeNull();
  expect(all.invoices.map(({ number }) => number).slice(2)).toEqual(['T-2', 'T-1']);
  expect(all.invoices.find(({ number }) => number === 'T-2')).toMatchObject({
    status: 'open',
    last_error: 'card declined',
  });
  const seen: (string | null)[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listInvoices(owner, { limit: 1, after });
    seen.push(...page.invoices.map(({ number }) => number));
    if (!page.nextCursor) break;
    after = page.nextCursor;
  }
  expect(seen).toEqual(all.invoices.map(({ number }) => number));
  expect(Object.keys(all.invoices[0] ?? {})).not.toContain('customer_id');
});

test('invoices are for owners and admins, and for nobody else’s customer', async () => {
  const [mine, other] = [await createWorld(), await createWorld()];
  await addInvoices(other, [{}]);
  expect((await listInvoices(mine.as('ADMIN'), {})).invoices).toEqual([]);
  for (const role of ['COLLABORATOR', 'VIEWER'] as const)
    await expect(listInvoices(other.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('a wrong cursor is refused', async () => {
  const world = await createWorld();
  await expect(listInvoices(world.as('OWNER'), { after: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('everyone sees plan, limits and use; the limits are the current ones', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  expect(await readBilling(world.as('VIEWER'))).toMatchObject({
    plan: 'PROFESSIONAL',
    status: 'TRIAL',
    has_subscription: false,
    card_on_file: null,
    monthly_price_cents: 19_900,
    trial: { last_day: world.subscription.trialEndDate },
    next_invoice: null,
    scheduled: null,
    past_due: null,
    limits: { seats: 6, providers: 6, runs_per_day: 25, concurrent_runs: 3, api_calls_per_month: 100_000 },
    use: { seats: 4, runs_today: 0 },
  });
});
