/** Runs a scheduled job by hand, as staff do in the support console. */
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { signIn } from '@/e2e/sign-in';

/** On the open support console. */
export async function runJob(page: Page, name: string): Promise<void> {
  await page
    .getByRole('row', { name: new RegExp(name.replace('.', '\\.')) })
    .getByRole('button', { name: 'Run now…' })
    .click();
  await page.getByRole('button', { name: 'Run job' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${name} has run.` })).toBeVisible();
}

/** In a browser of its own. */
export async function runJobAsStaff(browser: Browser, name: string): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal });
  try {
    const page = await context.newPage();
    await signIn(page, demo().staff, '/support');
    await runJob(page, name);
  } finally {
    await context.close();
  }
}
