/** Runs a scheduled job by hand, as staff do in the support console. */
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { signIn } from '@/e2e/sign-in';

/** On the open support console. */
export async function runJob(page: Page, name: string): Promise<void> {
  const row = page.getByRole('row', { name: new RegExp(name.replace('.', '\\.')) });
  const button = row.getByRole('button', { name: 'Run now…' });
  // The page was made while the job ran by its schedule, which some do each minute: then its row has no button, and gets none.
  await expect(async () => {
    if (await row.getByText('Running since').isVisible()) await page.reload();
    await expect(button).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await button.click();
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
