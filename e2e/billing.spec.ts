/** Paying: from the trial to a plan by Checkout, up, down and back, cancelled in Stripe's portal; who may only look. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { demo, personWithRole } from '@/e2e/demo';
import { lookAt, lookEverywhere, policyViolations } from '@/e2e/look';
import { signIn } from '@/e2e/sign-in';
import { customerOf, failNext, holdCheckout, pass, payWith, setCard, subscriptionsOf } from '@/e2e/stripe';

// Several visits to Stripe, waits for its webhooks, and every page looked at.
test.describe.configure({ timeout: 150_000 });

/** People of throw-away stacks who belong to nobody; where the stories run twice on one stack, most likely others. */
let next = 1 + Math.floor(Math.random() * 10);
const newPerson = () => `person-${next++}@testing.example`;

/** Opens an organization in its trial, and its Billing page. */
async function openTrial(page: Page, plan: string): Promise<string> {
  const person = newPerson();
  await signIn(page, person, '/onboarding');
  await page.getByLabel('Organization name').fill(`Payers ${Date.now().toString(36)}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: plan }).check();
  await page.getByRole('button', { name: 'Start the trial' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await page.goto('/billing');
  return person;
}

const planLine = (page: Page) => page.getByRole('region', { name: 'Current plan' });
const told = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });

/** Loads the page until Stripe's webhooks have been worked off. */
async function until(page: Page, path: string, seen: () => Promise<unknown>): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await seen();
  }).toPass({ timeout: 30_000 });
}

/** A paid plan past its trial; answers the Stripe customer. */
async function openPaid(page: Page, plan: string): Promise<string> {
  const person = await openTrial(page, plan);
  await page.getByRole('button', { name: 'Add card' }).click();
  await payWith(page, 'Card that works');
  await expect(told(page, `You are on ${plan}.`)).toBeVisible();
  const customer = await customerOf(person);
  await pass(customer, 16);
  await until(page, '/billing', () => expect(planLine(page)).toContainText('Active', { timeout: 500 }));
  return customer;
}

test('from the trial to a paid plan: a declined card and a refused confirmation change nothing, then the plan is there', async ({
  page,
}) => {
  const violations = policyViolations(page);
  const person = await openTrial(page, 'STARTER');
  await expect(page.getByText(/^Trial: 14 days left, ends .* You will not be charged before\.$/)).toBeVisible();
  await expect(page.getByText('No invoices yet.')).toBeVisible();
  await lookEverywhere(page, 'billing-trial');
  await page.getByRole('button', { name: 'Choose Professional' }).click();
  await payWith(page, 'Card is declined');
  await expect(page.getByRole('alert')).toContainText(/declined/i);
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(planLine(page)).toContainText('Starter');
  await page.getByRole('button', { name: 'Choose Professional' }).click();
  await payWith(page, 'Needs authentication');
  await page.getByRole('button', { name: 'Fail' }).click();
  await payWith(page, 'Needs authentication');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(told(page, 'You are on Professional.')).toBeVisible();
  await expect(page).toHaveURL(/\/billing\?done=started$/);
  await expect(planLine(page)).toContainText(/Professional.*\$199 \/ month.*Trial.*next invoice .*, \$199\.00/);
  await expect(page.getByText(/You will not be charged before\. The first payment, \$199\.00, is on /)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add card' })).toHaveCount(0);
  expect(await subscriptionsOf(await customerOf(person))).toBe(1);
  await lookEverywhere(page, 'billing-paid-trial');
  await page.getByRole('link', { name: 'Upgrade to Scale' }).click();
  await expect(page.getByText(/^Nothing to pay until .* New limits apply at once\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Upgrade to Scale' }).dblclick();
  await expect(told(page, 'You are on Scale. Its limits apply now.')).toBeVisible();
  expect(violations).toEqual([]);
});

test('two tabs and double clicks lead to one Checkout, and to one subscription', async ({ page }) => {
  const person = await openTrial(page, 'STARTER');
  const tab = await page.context().newPage();
  await tab.goto('/billing');
  await page.getByRole('button', { name: 'Choose Scale' }).dblclick();
  await expect(page).toHaveURL(/\/c\/pay\//);
  await tab.getByRole('button', { name: 'Choose Scale' }).click();
  await expect(tab).toHaveURL(page.url());
  await payWith(page, 'Card that works');
  await expect(told(page, 'You are on Scale.')).toBeVisible();
  await tab.goto('/billing');
  await expect(tab.getByRole('button', { name: /^Choose/ })).toHaveCount(0);
  expect(await subscriptionsOf(await customerOf(person))).toBe(1);
});

test('up: the amount that was shown is the amount of the invoice; a refused card changes nothing and says what to do', async ({
  page,
}) => {
  const customer = await openPaid(page, 'STARTER');
  await setCard(customer, 'declined');
  await page.getByRole('link', { name: 'Upgrade to Scale' }).click();
  const sentence = page.getByText(/^You pay \$\d+\.\d\d today for the rest of this month; new limits apply at once\.$/);
  await expect(sentence).toBeVisible();
  await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
  await expect(alert(page, 'The card was declined. Nothing was changed.')).toBeFocused();
  await lookEverywhere(page, 'billing-declined');
  await expect(page.getByRole('button', { name: 'Update the card in Stripe' })).toBeVisible();
  await setCard(customer, 'ok');
  await page.goto('/billing/change?plan=SCALE');
  const amount = /\$[\d,]+\.\d\d/.exec((await sentence.textContent()) ?? '')?.[0] ?? 'none';
  await page.getByRole('button', { name: 'Upgrade to Scale' }).dblclick();
  await expect(told(page, 'You are on Scale. Its limits apply now.')).toBeVisible();
  await expect(page.getByText('0 of 100').first()).toBeVisible();
  const invoice = page.getByRole('row').filter({ hasText: amount });
  await until(page, '/billing', () => expect(invoice).toHaveCount(1, { timeout: 500 }));
  await expect(invoice).toContainText('Paid');
  await lookEverywhere(page, 'billing-invoices');
});

test('a bank that asks is answered on the page of the invoice: the plan changes with the payment, and not before', async ({
  page,
}) => {
  const customer = await openPaid(page, 'STARTER');
  await setCard(customer, 'authentication_required');
  await page.goto('/billing/change?plan=SCALE');
  await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('Upgrade to Scale: confirm the payment');
  await expect(page.getByText(/^Confirm \$\d+\.\d\d on the page of the invoice/)).toBeVisible();
  await lookEverywhere(page, 'billing-confirm');
  await page.getByRole('button', { name: 'Keep Starter' }).click();
  await expect(told(page, 'Starter stays. No change is planned.')).toBeVisible();
  await page.goto('/billing/change?plan=SCALE');
  await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
  await expect(title).toHaveText('Upgrade to Scale: confirm the payment');
  await page.getByRole('link', { name: 'Confirm in Stripe' }).click();
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await until(page, '/billing', () => expect(planLine(page)).toContainText('Scale', { timeout: 500 }));
});

test('an amount that has changed since it was shown is shown anew, and charged once that is confirmed', async ({
  page,
}) => {
  const customer = await openPaid(page, 'STARTER');
  await page.getByRole('link', { name: 'Upgrade to Scale' }).click();
  const sentence = page.getByText(/^You pay \$\d+\.\d\d today for the rest of this month/);
  const first = /\$[\d,]+\.\d\d/.exec((await sentence.textContent()) ?? '')?.[0] ?? 'none';
  await pass(customer, 1);
  await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
  await expect(alert(page, /^The amount has changed to \d+\.\d\d USD\. Nothing was changed\./)).toBeVisible();
  await expect(sentence).not.toContainText(first);
  await page.getByRole('button', { name: 'Upgrade to Scale' }).click();
  await expect(told(page, 'You are on Scale. Its limits apply now.')).toBeVisible();
});

test('down waits for the end of the period, says what will not fit, and is taken back', async ({ page }) => {
  await openPaid(page, 'PROFESSIONAL');
  await page.getByRole('link', { name: 'Downgrade to Starter' }).click();
  await expect(page.getByText(/^Starter starts on .*\. Until then Professional and its limits stay/)).toBeVisible();
  await lookEverywhere(page, 'billing-downgrade');
  await page.getByRole('button', { name: 'Downgrade to Starter' }).click();
  await expect(told(page, /Changes to Starter on \d+ \w+\./)).toBeVisible();
  await expect(planLine(page)).toContainText(/Professional.*next invoice .*, \$49\.00/);
  await lookEverywhere(page, 'billing-planned');
  await page.getByRole('button', { name: 'Keep Professional' }).click();
  await expect(told(page, 'Professional stays. No change is planned.')).toBeVisible();
  await expect(planLine(page)).toContainText('$199.00');
});

test('cancelled in Stripe’s portal, the page shows the last day at once; renewed there, it goes on', async ({
  page,
}) => {
  await openPaid(page, 'STARTER');
  await page.getByRole('button', { name: 'Manage in Stripe' }).click();
  await expect(page).toHaveURL(url => url.origin === new URL(demo().stripe).origin);
  await page.getByRole('link', { name: 'Cancel plan' }).click();
  await page.getByRole('button', { name: 'Cancel plan' }).click();
  await page.getByRole('link', { name: 'Return to the product' }).click();
  await expect(told(page, /The plan ends on .*\. From then on runs are paused; your data is kept\./)).toBeVisible();
  await expect(planLine(page)).toContainText(/ends \d+ \w+ \d{4}/);
  await lookEverywhere(page, 'billing-ending');
  await page.getByRole('link', { name: 'Upgrade to Scale' }).click();
  await expect(told(page, /Renew it in Stripe first, then change the plan\.$/)).toBeVisible();
  await lookEverywhere(page, 'billing-refused');
  await page.goto('/billing');
  await page.getByRole('button', { name: 'Renew in Stripe' }).click();
  await page.getByRole('button', { name: 'Renew plan' }).click();
  await page.getByRole('link', { name: 'Return to the product' }).click();
  await expect(planLine(page)).toContainText('next invoice');
});

test('with Stripe out of order buttons say that nothing was changed, and a payment is asked after until it is confirmed', async ({
  page,
}) => {
  await openTrial(page, 'STARTER');
  await failNext('POST', '/v1/checkout/sessions', 2);
  await page.getByRole('button', { name: 'Choose Scale' }).click();
  await expect(alert(page, /^Stripe (cannot be reached|did not answer in time)\./)).toBeFocused();
  await lookAt(page, 'billing-stripe-away');
  await page.getByRole('button', { name: 'Choose Scale' }).click();
  await expect(page).toHaveURL(/\/c\/pay\//);
  await failNext('GET', '/v1/checkout/sessions/*', 4);
  await payWith(page, 'Card that works');
  await expect(told(page, 'Stripe cannot be reached to confirm the payment. Asking again …')).toBeVisible();
  await expect(page.getByRole('button', { name: /^(Choose|Add card)/ })).toHaveCount(0);
  await expect(told(page, 'You are on Scale.')).toBeVisible({ timeout: 20_000 });
});

test('paid before Stripe has made the plan, the page says so, sells nothing meanwhile, and shows the plan by itself', async ({
  page,
}) => {
  const person = await openTrial(page, 'STARTER');
  await page.getByRole('button', { name: 'Choose Scale' }).click();
  await expect(page).toHaveURL(/\/c\/pay\//);
  const customer = await customerOf(person);
  await holdCheckout(customer, true);
  await payWith(page, 'Card that works');
  await expect(told(page, 'Payment received. Activating your plan, usually under a minute.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^(Choose|Add card)/ })).toHaveCount(0);
  await lookAt(page, 'billing-activating');
  await holdCheckout(customer, false);
  await expect(told(page, 'You are on Scale.')).toBeVisible({ timeout: 20_000 });
  expect(await subscriptionsOf(customer)).toBe(1);
});

test('a viewer sees plan, use and limits; no invoice, no button, and who can', async ({ page }) => {
  await signIn(page, personWithRole('VIEWER'), '/billing');
  await expect(page.getByText(/^View only\. Admins: /)).toBeVisible();
  await expect(planLine(page)).toContainText('/ month');
  await expect(page.getByRole('heading', { name: 'Invoices' })).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('link', { name: /^(Upgrade|Downgrade)/ })).toHaveCount(0);
  await lookEverywhere(page, 'billing-viewer');
  await page.goto('/billing/change?plan=SCALE');
  await expect(page.getByText(/^Only admins can change the plan\. Admins: /)).toBeVisible();
  expect((await page.request.get('/api/subscriptions/invoices')).status()).toBe(403);
});

async function withoutJavaScript(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await work(await context.newPage()).finally(() => context.close());
}

test('without JavaScript: Checkout, planned down, kept', async ({ browser }) => {
  await withoutJavaScript(browser, async page => {
    await openTrial(page, 'PROFESSIONAL');
    await page.getByRole('button', { name: 'Add card' }).click();
    await failNext('GET', '/v1/checkout/sessions/*', 4);
    await payWith(page, 'Card that works');
    await expect(told(page, 'Stripe cannot be reached to confirm the payment.')).toBeVisible();
    await expect(told(page, 'You are on Professional.')).toBeVisible({ timeout: 20_000 });
    await page.getByRole('link', { name: 'Downgrade to Starter' }).click();
    await page.getByRole('button', { name: 'Downgrade to Starter' }).click();
    await expect(told(page, /Changes to Starter on \d+ \w+\./)).toBeVisible();
    await page.getByRole('button', { name: 'Keep Professional' }).click();
    await expect(told(page, 'Professional stays. No change is planned.')).toBeVisible();
  });
});
