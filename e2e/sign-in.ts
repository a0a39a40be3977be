/** Signs a person in by clicking, as a visitor would. */
import { expect, type Page } from '@playwright/test';

/** Ends on the page that `next` names. */
export async function signIn(page: Page, email: string, next = '/'): Promise<void> {
  await page.goto(`/signin?next=${encodeURIComponent(next)}`);
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.getByText(email, { exact: true }).first().click();
  await expect(page).toHaveURL(url => url.pathname === next.split('?')[0]);
}
