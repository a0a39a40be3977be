/** A company arrives by itself: first sign-in, organization, trial, checklist; its settings, its deletion and its way back. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { demo, personWithRole } from '@/e2e/demo';
import { lookEverywhere } from '@/e2e/look';
import { signIn } from '@/e2e/sign-in';

/** People of throw-away stacks who belong to nobody; where the stories run twice on one stack, most likely others. */
let next = 31 + Math.floor(Math.random() * 25);
const newPerson = () => `person-${next++}@testing.example`;
const unique = (name: string) => `${name} ${Date.now().toString(36)}`;

async function withoutJavaScript(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await work(await context.newPage()).finally(() => context.close());
}

/** Signs a person in and opens an organization; ends on its Overview. */
async function open(page: Page, person: string, name: string, plan = 'STARTER'): Promise<void> {
  await signIn(page, person, '/onboarding');
  await page.getByLabel('Organization name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: plan }).check();
  await page.getByRole('button', { name: 'Start the trial' }).click();
  // A new organization has its tables made while its first page is asked for.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview', { timeout: 30_000 });
}

test('a stranger signs in, opens an organization in two steps and lands on its Overview with a checklist', async ({
  page,
}) => {
  const name = unique('東京データ & Söhne');
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.getByText(newPerson(), { exact: true }).first().click();
  await expect(page).toHaveURL(/\/welcome$/);
  await lookEverywhere(page, 'sign-up-welcome');
  await page.getByRole('link', { name: 'Open a new organization' }).click();
  await expect(page.getByText('Step 1 of 2')).toBeVisible();
  await lookEverywhere(page, 'sign-up-name');

  await page.getByLabel('Organization name').fill('x'.repeat(10_000));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('at most 80')).toHaveCount(1);
  await expect(page.getByLabel('Organization name')).toBeFocused();
  await expect(page.getByLabel('Organization name')).toHaveValue('x'.repeat(10_000));
  await page.getByLabel('Organization name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();

  await expect(page.getByText('Step 2 of 2')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Starter' })).toBeChecked();
  await lookEverywhere(page, 'sign-up-plan');
  await page.getByRole('radio', { name: 'Professional' }).check();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByLabel('Organization name')).toHaveValue(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('radio', { name: 'Professional' })).toBeChecked();
  await page.getByRole('button', { name: 'Start the trial' }).dblclick();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await expect(page).toHaveTitle(`Overview · ${name} · Tenantry`);
  await expect(page.getByText(/^Trial: 14 days left/).first()).toBeVisible();
  const checklist = page.getByRole('region', { name: 'Setup' });
  await expect(checklist).toContainText('0 of 5 done');
  await lookEverywhere(page, 'sign-up-overview');
  await page.goto('/onboarding');
  await expect(page.getByLabel('Organization name')).toHaveValue('');
});

test('browser Back keeps what was typed', async ({ page }) => {
  const name = unique('Back');
  await signIn(page, newPerson(), '/onboarding');
  await page.getByLabel('Organization name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL(/\/onboarding\/plan$/);
  await page.goBack();
  await expect(page.getByLabel('Organization name')).toHaveValue(name);
});

test('the checklist ticks itself from what was done, hides for good, and comes back from the profile', async ({
  page,
}) => {
  await open(page, newPerson(), unique('Checklist'), 'PROFESSIONAL');
  const checklist = page.getByRole('region', { name: 'Setup' });
  await checklist.getByRole('link', { name: 'Create an API key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('first');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Key created. This is the only time you can see it.')).toBeVisible();
  await page.getByLabel('I stored this key in a safe place').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.goto('/');
  await expect(checklist).toContainText('1 of 5 done');
  await checklist.getByRole('button', { name: 'Hide' }).click();
  await expect(checklist).toHaveCount(0);
  await page.goto('/settings/profile');
  await page.getByRole('button', { name: 'Show the checklist again' }).click();
  await expect(checklist).toContainText('1 of 5 done');
});

test('an owner changes the organization’s name and billing address; a wrong address is named beside its field', async ({
  page,
}) => {
  await open(page, newPerson(), unique('Before'));
  const name = unique('After');
  await page.goto('/settings/organization');
  await lookEverywhere(page, 'sign-up-organization');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.locator('main form').evaluate((form: HTMLFormElement) => form.setAttribute('novalidate', ''));
  await page.getByLabel('Billing email').fill('not an address');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Give an address such as billing@example.com.')).toHaveCount(1);
  await expect(page.getByLabel('Billing email')).toBeFocused();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name);
  await page.getByLabel('Billing email').fill('bills@testing.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Settings saved.')).toBeVisible();
  await expect(page).toHaveTitle(`Organization · ${name} · Tenantry`);
});

test('an owner deletes the organization after typing its name, everyone is told, and restores it', async ({ page }) => {
  const name = unique('Ending');
  const person = newPerson();
  await open(page, person, name);
  await page.goto('/settings/danger');
  await lookEverywhere(page, 'sign-up-danger');
  await page.getByRole('link', { name: 'Delete organization…' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Delete ${name}?`);
  await expect(page.getByText('1 member and 0 invitations', { exact: false })).toBeVisible();
  await lookEverywhere(page, 'sign-up-delete');
  const confirm = page.getByLabel(`Type ${name} to confirm`);
  await confirm.evaluate(input => input.removeAttribute('pattern'));
  await confirm.fill('another name');
  await page.getByRole('button', { name: 'Delete organization' }).click();
  await expect(page.getByText('Type the name of the organization as it is shown.')).toHaveCount(1);
  await expect(confirm).toBeFocused();
  await page.getByLabel(`Type ${name} to confirm`).fill(name);
  await page.getByRole('button', { name: 'Delete organization' }).click();
  await expect(page.getByText(/^This organization will be erased on /)).toBeVisible();
  await lookEverywhere(page, 'sign-up-deleted');
  await page.getByRole('button', { name: 'Restore organization' }).click();
  await expect(page.getByText(`${name} is restored.`)).toBeVisible();
  await expect(page.getByText(/^This organization will be erased on /)).toHaveCount(0);

  await page.goto('/signin?again=1&next=/settings/danger/delete');
  await expect(page.getByText('Sign in again to show that it is you.')).toBeVisible();
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.getByText(person, { exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Delete ${name}?`);
});

test('a viewer sees neither the organization’s settings nor the danger zone, and an admin cannot delete', async ({
  page,
  browser,
}) => {
  const customer = demo().users.find(user => user.role === 'VIEWER')?.customer_id;
  await signIn(page, personWithRole('VIEWER', customer), '/settings/profile');
  await expect(page.getByRole('link', { name: 'Danger zone' })).toHaveCount(0);
  await page.goto('/settings/organization');
  await expect(page.getByText(/^Only admins can change the organization’s settings\. Admins: /)).toBeVisible();
  const context = await browser.newContext({ baseURL: demo().portal });
  const other = await context.newPage();
  await signIn(other, personWithRole('ADMIN', customer), '/settings/danger');
  await expect(other.getByText('Only an owner can delete it.')).toBeVisible();
  await other.goto('/settings/danger/delete');
  await expect(other.getByText('Only an owner can delete the organization.')).toBeVisible();
  await context.close();
});

test('without JavaScript a company signs up, changes its name and deletes itself', async ({ browser }) => {
  await withoutJavaScript(browser, async page => {
    const name = unique('No Script');
    await open(page, newPerson(), name, 'SCALE');
    await page.getByRole('region', { name: 'Setup' }).getByRole('button', { name: 'Hide' }).click();
    await expect(page.getByRole('region', { name: 'Setup' })).toHaveCount(0);
    await page.goto('/settings/organization');
    await page.getByLabel('Name', { exact: true }).fill(`${name} Two`);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Settings saved.')).toBeVisible();
    await page.goto('/settings/danger/delete');
    await page.getByRole('textbox').fill(`${name} Two`);
    await page.getByRole('button', { name: 'Delete organization' }).click();
    await expect(page.getByText(/^This organization will be erased on /)).toBeVisible();
  });
});
