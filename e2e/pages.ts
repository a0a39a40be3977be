/** Every page of the portal, read from the file tree, so that a new page is looked at too. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

function pagesBelow(folder: string, route: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.isFile()) return /^page\.tsx$/.test(entry.name) ? [route || '/'] : [];
    if (!entry.isDirectory() || entry.name.startsWith('_') || entry.name === '(dev)' || entry.name === 'api') return [];
    const segment = entry.name.startsWith('(') ? '' : `/${entry.name}`;
    return pagesBelow(join(folder, entry.name), route + segment);
  });
}

const all = (): string[] => pagesBelow('app/(portal)', '').sort();

/** Paths of pages for signed-in members that need no id. */
export const memberPages = (): string[] => all().filter(path => !path.includes('['));

/** Paths of pages of one thing: `/keys/[id]/revoke`. */
export const pagesOfOne = (): string[] => all().filter(path => path.includes('['));

/** Paths of pages for anybody; those below /docs apart, which `docsPages` reads from its own list. */
export const publicPages = ['/signin', '/docs', '/docs/search', '/no-such-page'];

/** Every page of the documentation, as /docs lists them. */
export async function docsPages(page: Page): Promise<string[]> {
  const html = await (await page.request.get('/docs')).text();
  return [...new Set([...html.matchAll(/href="(\/docs\/[a-z/-]+)"/g)].map(([, path = '']) => path))];
}
