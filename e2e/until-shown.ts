/** Waits for rows that machines sent, or that were read elsewhere, to be on a page. */
import { expect, type Page } from '@playwright/test';

/** Loads the page again until it shows the text: rows reach BigQuery every few seconds. */
export async function untilShown(page: Page, text: string | RegExp, withinMs = 90_000): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('main')).toContainText(text, { timeout: 1_000 });
  }).toPass({ timeout: withinMs });
}
