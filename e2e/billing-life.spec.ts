/** A customer's whole life with money: trial, paying, up, owing, paid, down, gone, back; pages, BigQuery and runs right at each step. */
import { expect, type Page, test } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { signIn } from '@/e2e/sign-in';
import { customerOf, passPeriod, payWith, setCard, subscriptionsOf } from '@/e2e/stripe';
import { expectRows } from '@/e2e/warehouse';

test.describe.configure({ timeout: 240_000 });

const person = `person-${21 + Math.floor(Math.random() * 9)}@testing.example`;

const planLine = (page: Page) => page.getByRole('region', { name: 'Current plan' });
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

type CurrentSubscription = {
  plan: string;
  status: string;
  profile: string;
  runs: number;
  /** Rows of the customer: one for each subscription in Stripe, the trial's being the first. */
  rows?: number;
};

/** Profile, current subscription and its limit, as the warehouse has them. */
async function inWarehouse(customerId: string, { plan, status: wanted, profile, runs, rows = 1 }: CurrentSubscription) {
  const limits = { plan_name: plan, status: wanted, max_pipelines_per_day: String(runs) };
  await expectRows(
    `SELECT s.plan_name, s.status, s.max_pipelines_per_day, p.subscription_plan, p.status AS profile,
       (SELECT COUNT(*) FROM customers.customer_subscriptions a WHERE a.customer_id = '${customerId}') AS n
     FROM customers.customer_subscriptions s JOIN customers.customer_profiles p ON p.customer_id = s.customer_id
     WHERE s.customer_id = '${customerId}' ORDER BY s.created_at DESC LIMIT 1`,
    [{ ...limits, subscription_plan: plan, profile, n: String(rows) }],
  );
}

/** What a worker is answered that starts a run. */
async function startRun(customerId: string): Promise<{ status: number; code?: string }> {
  const { dataPlane, serviceKey } = demo();
  const response = await fetch(`${dataPlane}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer_id: customerId, pipeline_id: 'life', trigger_type: 'api', trigger_by: 'e2e' }),
  });
  const answer = (await response.json()) as { code?: string; pipeline_logging_id?: string };
  if (response.status === 201)
    await fetch(`${dataPlane}/v1/runs/${answer.pipeline_logging_id}/complete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customer_id: customerId, status: 'COMPLETED' }),
    });
  return { status: response.status, ...(answer.code ? { code: answer.code } : {}) };
}

/** Reloads Billing until Stripe's webhooks have been worked off. */
async function billingShows(page: Page, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto('/billing');
    await expect(page.getByRole('main')).toContainText(text, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

async function mails(words: string): Promise<number> {
  const response = await fetch(`${demo().mail}/emails`, { headers: { authorization: 'Bearer re_e2e' } });
  const { data } = (await response.json()) as { data: { to: string[]; subject: string }[] };
  return data.filter(mail => mail.to.includes(person) && mail.subject.includes(words)).length;
}

test('trial, Checkout, upgrade, a failed payment, paid, downgrade, cancelled, subscribed again', async ({ page }) => {
  await signIn(page, person, '/onboarding');
  await page.getByLabel('Organization name').fill(`Life ${Date.now().toString(36)}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: 'Starter' }).check();
  await page.getByRole('button', { name: 'Start the trial' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await page.goto('/billing');
  await expect(page.getByText(/^Trial: 14 days left, ends/)).toBeVisible();
  const customerId = (await page.locator('input[name=customer_id]').first().getAttribute('value')) ?? '';
  expect(customerId).toMatch(/^cus_/);
  await inWarehouse(customerId, { plan: 'STARTER', status: 'TRIAL', profile: 'TRIAL', runs: 6 });

  await test.step('Checkout in the trial: nothing is charged yet', async () => {
    await page.getByRole('button', { name: 'Choose Professional' }).click();
    await payWith(page, 'Card that works');
    await expect(status(page, 'You are on Professional.')).toBeVisible();
    await inWarehouse(customerId, { plan: 'PROFESSIONAL', status: 'TRIAL', profile: 'TRIAL', runs: 25 });
    expect(await startRun(customerId)).toEqual({ status: 201 });
  });
  const stripeCustomer = await customerOf(person);

  await test.step('the trial ends: paid and active', async () => {
    await passPeriod(stripeCustomer);
    await billingShows(page, /Professional.*Active/s);
    await inWarehouse(customerId, { plan: 'PROFESSIONAL', status: 'ACTIVE', profile: 'ACTIVE', runs: 25 });
    await billingShows(page, /\$199\.00\s*Paid/);
  });

  await test.step('upgrade: at once, for the rest of the month', async () => {
    await page.getByRole('link', { name: 'Upgrade to Scale' }).click();
    await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
    await expect(status(page, 'You are on Scale. Its limits apply now.')).toBeVisible();
    await inWarehouse(customerId, { plan: 'SCALE', status: 'ACTIVE', profile: 'ACTIVE', runs: 100 });
  });

  await test.step('the renewal is not paid: past due, runs go on, one mail', async () => {
    await setCard(stripeCustomer, 'declined');
    // Stripe's second attempt comes a day after the first.
    await passPeriod(stripeCustomer);
    await billingShows(page, /The last payment failed on .* Pay the invoice before .* to keep running pipelines\./);
    await inWarehouse(customerId, { plan: 'SCALE', status: 'PAST_DUE', profile: 'ACTIVE', runs: 100 });
    expect(await startRun(customerId)).toEqual({ status: 201 });
    await expect.poll(() => mails('payment'), { timeout: 15_000 }).toBe(1);
    await page.goto('/');
    await expect(page.getByRole('alert').filter({ hasText: 'The last payment failed on' })).toBeVisible();
  });

  await test.step('a new card pays what is owed when the visitor, back again, says so: active again', async () => {
    await page.goto('/billing');
    await expect(page.getByRole('link', { name: 'Pay invoice' })).toHaveAttribute('href', /^http/);
    await page.getByRole('button', { name: 'Update card' }).click();
    await page.getByLabel('Card that works').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Pay now' }).click();
    await expect(status(page, 'The invoice is paid with the new card.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Pay invoice' })).toHaveCount(0);
    await billingShows(page, /Scale.*Active/s);
    await inWarehouse(customerId, { plan: 'SCALE', status: 'ACTIVE', profile: 'ACTIVE', runs: 100 });
    expect(await mails('payment')).toBe(1);
  });

  await test.step('downgrade: planned, and there at the end of the period', async () => {
    await page.getByRole('link', { name: 'Downgrade to Starter' }).click();
    await page.getByRole('button', { name: 'Downgrade to Starter' }).click();
    await expect(status(page, /^Changes to Starter on /)).toBeVisible();
    await inWarehouse(customerId, { plan: 'SCALE', status: 'ACTIVE', profile: 'ACTIVE', runs: 100 });
    await passPeriod(stripeCustomer);
    await billingShows(page, /Starter.*Active/s);
    await inWarehouse(customerId, { plan: 'STARTER', status: 'ACTIVE', profile: 'ACTIVE', runs: 6 });
  });

  await test.step('cancelled in the portal: to the end of the period, then runs are refused and reading goes on', async () => {
    await page.getByRole('button', { name: 'Manage in Stripe' }).click();
    await page.getByRole('link', { name: 'Cancel plan' }).click();
    await page.getByRole('button', { name: 'Cancel plan' }).click();
    await page.getByRole('link', { name: 'Return to the product' }).click();
    await expect(status(page, /^The plan ends on /)).toBeVisible();
    expect(await startRun(customerId)).toEqual({ status: 201 });
    await passPeriod(stripeCustomer);
    await inWarehouse(customerId, { plan: 'STARTER', status: 'CANCELLED', profile: 'CANCELLED', runs: 6 });
    expect(await startRun(customerId)).toEqual({ status: 403, code: 'subscription_inactive' });
    await page.goto('/usage');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Usage & quotas');
  });

  await test.step('subscribed again: a new subscription, paid at once', async () => {
    await page.goto('/billing');
    await page.getByRole('button', { name: 'Choose Professional' }).click();
    await payWith(page, 'Card that works');
    await expect(status(page, 'You are on Professional.')).toBeVisible();
    await expect(planLine(page)).toContainText('Active');
    await inWarehouse(customerId, { plan: 'PROFESSIONAL', status: 'ACTIVE', profile: 'ACTIVE', runs: 25, rows: 2 });
    expect(await subscriptionsOf(stripeCustomer)).toBe(2);
    expect(await startRun(customerId)).toEqual({ status: 201 });
  });

  await test.step('the history holds every change once', async () => {
    await expectRows(
      `SELECT to_plan, to_status FROM customers.customer_subscription_changes WHERE customer_id = '${customerId}' ORDER BY changed_at`,
      [
        ['STARTER', 'TRIAL'],
        ['PROFESSIONAL', 'TRIAL'],
        ['PROFESSIONAL', 'ACTIVE'],
        ['SCALE', 'ACTIVE'],
        ['SCALE', 'PAST_DUE'],
        ['SCALE', 'ACTIVE'],
        ['STARTER', 'ACTIVE'],
        ['STARTER', 'CANCELLED'],
        ['PROFESSIONAL', 'ACTIVE'],
      ].map(([to_plan, to_status]) => ({ to_plan, to_status })),
    );
  });
});
