/** What must hold for every page: no axe violation, nothing wider than the screen, no policy violation. */
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * One look of axe. The portal has no frames, so that axe need not open a second page to put theirs together (its legacy mode),
 * and only violations are read: together a look takes a third of the time and finds the same.
 */
const analyse = async (page: Page) =>
  (
    await new AxeBuilder({ page })
      .options({ runOnly: tags, resultTypes: ['violations'] })
      .setLegacyMode(true)
      .analyze()
  ).violations;

/** What axe finds on the open page, in its theme. */
export async function axeFindings(page: Page): Promise<string[]> {
  let violations = await analyse(page);
  // After a click within the portal the title comes a moment after the page.
  if (violations.some(({ id }) => id === 'document-title')) {
    await expect(page).toHaveTitle(/./);
    violations = await analyse(page);
  }
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`);
}

/**
 * Looks at the page that is open; `name` names its screenshot. Colours differ by theme and layout by width, so that axe
 * is asked at the two corners (light and wide, dark and narrow) and not at all four.
 */
export async function lookAt(page: Page, name: string, { axe = true } = {}): Promise<void> {
  await page.screenshot({ path: `test-results/pages/${name}.png`, fullPage: true, animations: 'disabled' });
  if (axe) expect(await axeFindings(page), name).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
}

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** Whether axe is asked in this theme at this width. */
const isCorner = (theme: 'light' | 'dark', width: number): boolean => (theme === 'light') === width >= 1_000;

/** Looks at the open page at both widths in both themes. */
export async function lookEverywhere(page: Page, name: string): Promise<void> {
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await lookAt(page, `${name}-${viewport.width}-${colorScheme}`, { axe: isCorner(colorScheme, viewport.width) });
    }
  }
  await page.setViewportSize(sizes[0] ?? { width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Looks at the open page at opposite corners: wide and light, narrow and dark. */
export async function lookTwice(page: Page, name: string): Promise<void> {
  await lookAt(page, `${name}-1440-light`);
  await page.setViewportSize(sizes[1] ?? { width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await lookAt(page, `${name}-390-dark`);
  await page.setViewportSize(sizes[0] ?? { width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Collects what the browser says against our content security policy. */
export function policyViolations(page: Page): string[] {
  const found: string[] = [];
  page.on('console', message => {
    if (/Content Security Policy|Refused to/.test(message.text())) found.push(message.text());
  });
  return found;
}

/** Sizes by address: a script's name holds its content's hash, and most pages load the same ones. */
const scriptBytes = new Map<string, number>();

async function bytesOf(page: Page, script: string): Promise<number> {
  const known = scriptBytes.get(script);
  if (known !== undefined) return known;
  const bytes = gzipSync(await (await page.request.get(script)).body(), { level: 9 }).length;
  scriptBytes.set(script, bytes);
  return bytes;
}

/** Bytes (gzip) of the module scripts that a page loads first. */
export async function firstLoadBytes(page: Page, path: string): Promise<number> {
  const html = await (await page.request.get(path)).text();
  const scripts = new Set(
    [...html.matchAll(/<script[^>]+src="([^"]+\.js)"[^>]*>/g)]
      .filter(match => !/nomodule/i.test(match[0]))
      .map(match => match[1] as string),
  );
  let bytes = 0;
  for (const script of scripts) bytes += await bytesOf(page, script);
  return bytes;
}
