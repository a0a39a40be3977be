/** The frame: it stays while pages change, says where one is and what is awaited, and holds 403, 404 and errors too. */
import { expect, type Page } from '@playwright/test';
import { personWithRole } from '@/e2e/demo';
import { axeFindings } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

/** Nothing is wrong with what is open, in either theme. */
async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await axeFindings(page), colorScheme).toEqual([]);
  }
}

const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main' });

/** Holds back what the browser asks for of a page until it is released. */
async function heldBack(page: Page, path: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route(
    url => url.pathname === path && url.searchParams.has('_rsc'),
    async route => {
      await released;
      await route.continue();
    },
  );
  return release;
}

test('a clicked section is marked, its outline covers the old page, and the frame stays', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'), '/keys');
  const link = navigation(page).getByRole('link', { name: 'Team' });
  await navigation(page).evaluate(element => element.setAttribute('data-same', 'yes'));
  const release = await heldBack(page, '/team');
  await link.click();
  await expect(link.locator('.link-pending')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Loading Team' })).toBeVisible();
  release();
  await expect(page.getByRole('heading', { level: 1, name: 'Team' })).toBeVisible();
  await expect(page.getByText('Loading Team')).toHaveCount(0);
  await expect(link).toHaveAttribute('aria-current', 'page');
  await expect(navigation(page)).toHaveAttribute('data-same', 'yes');
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('Runs today');
});

test('no id is had twice after pages have changed within the frame', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'), '/keys');
  for (const name of ['Usage', 'Data quality', 'Billing', 'Overview']) {
    await navigation(page).getByRole('link', { name, exact: true }).click();
    await expect(navigation(page).getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('.outline-cover')).toHaveCount(0);
    const twice = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      return ids.filter((id, index) => ids.indexOf(id) !== index);
    });
    expect(twice, name).toEqual([]);
  }
});

test('a page that is not there, and one that a role may not open, keep the frame', async ({ page }) => {
  await signIn(page, personWithRole('VIEWER'));
  for (const [path, status, title] of [
    ['/no-such-page', 404, 'Not found'],
    ['/keys/key_unknown', 404, 'Not found'],
    ['/keys/new', 200, 'You cannot open this page'],
  ] as const) {
    expect((await page.goto(path))?.status(), path).toBe(status);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(navigation(page).getByRole('link', { name: 'Overview' })).toBeVisible();
    expect(await axeFindings(page), path).toEqual([]);
  }
  await navigation(page).getByRole('link', { name: 'Usage', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Usage & quotas' })).toBeVisible();
});

test('on a phone the navigation opens as a drawer, and the way back stands over the title', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, personWithRole('OWNER'), '/keys/new');
  await expect(
    page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'API keys' }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Open navigation' }).click();
  const drawer = page.getByRole('dialog', { name: 'Navigation' });
  await expect(drawer.getByRole('link', { name: 'API keys' })).toHaveAttribute('aria-current', 'true');
  await expectAccessible(page);
  await drawer.getByRole('link', { name: 'Team' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Team' })).toBeVisible();
  await expect(drawer).toBeHidden();
});

test('a menu of the top bar closes when its link leads to another page', async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, personWithRole('OWNER'), '/keys');
  await page.getByRole('button', { name: /account of/ }).click();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Profile and theme' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Profile');
  await expect(page.getByRole('link', { name: 'Profile and theme' })).toBeHidden();
});
