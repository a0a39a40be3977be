import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { customers } from '@/lib/domains/customers/tables';
import { signUp } from '@/lib/domains/organizations/onboarding';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { readPerson } from '@/lib/domains/team/membership';
import { users } from '@/lib/domains/team/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId, newUuid, randomText } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** A signed-in person who belongs to nobody. */
async function newPerson(): Promise<{ ctx: Ctx; userId: string; email: string }> {
  const userId = newId('usr');
  const email = `new-${randomText(10)}@example.com`;
  await db().insert(users).values({ userId, email, fullName: 'Nia New' });
  const ctx: Ctx = {
    actor: { type: 'person', id: userId, email },
    customerId: null,
    tenantDatasetId: null,
    requestId: newUuid(),
    ipPrefix: '203.0.113.0/24',
    userAgent: 'vitest',
    clock: systemClock,
  };
  return { ctx, userId, email };
}

const openedBy = (email: string) => db().select().from(customers).where(eq(customers.createdBy, email));

test('a sign-up makes customer, trial, owner, counter and audit rows, and after the commit the Stripe customer and the dataset', async () => {
  const { ctx, userId, email } = await newPerson();
  const { result } = await signUp(ctx, { company_name: '東京データ 株式会社', plan: 'PROFESSIONAL' });
  const { customerId, tenantDatasetId } = result;
  const [customer] = await openedBy(email);
  expect(customer).toMatchObject({
    customerId,
    companyName: '東京データ 株式会社',
    status: 'TRIAL',
    subscriptionPlan: 'PROFESSIONAL',
  });
  const [subscription] = await db().select().from(subscriptions).where(eq(subscriptions.customerId, customerId));
  expect(subscription).toMatchObject({ status: 'TRIAL', isTrial: true, maxTeamMembers: 6, maxPipelinesPerDay: 25 });
  const days = Date.parse(subscription?.trialEndDate ?? '') - Date.parse(subscription?.trialStartDate ?? '');
  expect(days).toBe(14 * 86_400_000);
  expect(await storedCounter(db(), customerId)).toMatchObject({
    dailyLimit: 25,
    concurrentLimit: 3,
    refusalReason: null,
  });
  expect((await readPerson(userId))?.memberships).toMatchObject([{ customerId, role: 'OWNER' }]);
  const audit = await db().select().from(auditLog).where(eq(auditLog.customerId, customerId));
  expect(audit.find(row => row.action === 'customer.sign_up')).toMatchObject({
    actorType: 'user',
    actorId: userId,
    sequence: 1,
  });

  const tables = await bigqueryRequest<{ tables: { tableReference: { tableId: string } }[] }>(bigquery(), {
    method: 'GET',
    uri: `/datasets/${tenantDatasetId}/tables`,
  });
  expect(tables.tables.map(table => table.tableReference.tableId).sort()).toEqual([
    'ai_usage_days',
    'api_keys',
    'commits',
    'dq_results',
    'etag_state',
    'etl_runs',
    'pipeline_runs',
    'pull_request_details',
    'pull_requests',
    'run_details',
    'session_details',
    'sessions',
    'step_logs',
  ]);
  expect(customer?.datasetReadyAt).toBeInstanceOf(Date);
  const inStripe = await stripe().customers.retrieve(customer?.stripeCustomerId ?? '');
  expect(inStripe).toMatchObject({ name: '東京データ 株式会社', email, metadata: { customer_id: customerId } });

  await flushOnce(relayDeps(), { customers: [customerId] });
  const rows = async (table: string) =>
    (
      await runStatement({
        name: 'test/sign-up',
        sql: `SELECT * FROM customers.${table} WHERE customer_id = @id`,
        parameters: { id: { type: 'STRING', value: customerId } },
      })
    ).rows;
  expect(await rows('customer_profiles')).toMatchObject([
    {
      company_name: '東京データ 株式会社',
      stripe_customer_id: customer?.stripeCustomerId,
      tenant_dataset_id: tenantDatasetId,
    },
  ]);
  expect(await rows('customer_subscriptions')).toMatchObject([{ plan_name: 'PROFESSIONAL', status: 'TRIAL' }]);
  expect(await rows('customer_team_members')).toMatchObject([{ email, role: 'OWNER', status: 'ACTIVE' }]);
  expect((await rows('customer_audit_log')).map(row => row.action)).toContain('customer.sign_up');
}, 60_000);

test('one form sent ten times at once opens one organization, and every answer names it', async () => {
  const { ctx, email } = await newPerson();
  const form = { company_name: 'Double Click', plan: 'STARTER', request_token: newUuid() };
  const answers = await Promise.all(Array.from({ length: 10 }, () => signUp(ctx, form)));
  expect(new Set(answers.map(answer => answer.result.customerId)).size).toBe(1);
  expect(await openedBy(email)).toHaveLength(1);
}, 60_000);

test('another person’s token is of no use', async () => {
  const [first, second] = await Promise.all([newPerson(), newPerson()]);
  const form = { company_name: 'Same Token', plan: 'STARTER', request_token: newUuid() };
  const one = await signUp(first.ctx, form);
  const two = await signUp(second.ctx, form);
  expect(two.result.customerId).not.toBe(one.result.customerId);
}, 60_000);

test('a fourth organization on trial is refused, also when asked for at once, and nothing of it is written', async () => {
  const { ctx, email } = await newPerson();
  const attempts = await Promise.allSettled(
    Array.from({ length: 5 }, (_, index) => signUp(ctx, { company_name: `Trial ${index}`, plan: 'STARTER' })),
  );
  expect(attempts.filter(attempt => attempt.status === 'fulfilled')).toHaveLength(3);
  const refused = attempts.find(attempt => attempt.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining('3 organizations') });
  expect(await openedBy(email)).toHaveLength(3);
}, 60_000);

const names: [why: string, name: unknown, sentence: RegExp][] = [
  ['10,000 signs', 'x'.repeat(10_000), /at most 80/],
  ['81 signs', 'x'.repeat(81), /at most 80/],
  ['only blanks', '   ', /Give a name/],
  ['nothing', undefined, /Give a name/],
  ['a hidden right-to-left override', 'Acme\u202eemca', /Control characters/],
  ['a line break', 'Acme\nInc', /Control characters/],
];
test.each(names)(
  'a name of %s is refused beside its field, and nothing is written',
  async (_, company_name, sentence) => {
    const { ctx, email } = await newPerson();
    await expect(signUp(ctx, { company_name, plan: 'STARTER' })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'company_name', message: expect.stringMatching(sentence) }],
    });
    expect(await openedBy(email)).toEqual([]);
  },
);

test('an unknown plan and an unknown field are refused', async () => {
  const { ctx } = await newPerson();
  await expect(signUp(ctx, { company_name: 'A', plan: 'FREE' })).rejects.toMatchObject({ fields: [{ path: 'plan' }] });
  const more = { company_name: 'A', plan: 'SCALE', status: 'ACTIVE' };
  await expect(signUp(ctx, more)).rejects.toMatchObject({ fields: [{ path: 'status' }] });
});
