/** Every page of the portal without parameters, read from the file tree, so that a new page is looked at too. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

function pagesBelow(folder: string, route: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.isFile()) return /^page\.tsx$/.test(entry.name) ? [route || '/'] : [];
    if (!entry.isDirectory() || /^[[_]/.test(entry.name) || entry.name === '(dev)' || entry.name === 'api') return [];
    const segment = entry.name.startsWith('(') ? '' : `/${entry.name}`;
    return pagesBelow(join(folder, entry.name), route + segment);
  });
}

/** Paths of pages for signed-in members. */
export const memberPages = (): string[] => pagesBelow('app/(portal)', '').sort();

/** Paths of pages for anybody. */
export const publicPages = ['/signin', '/docs', '/no-such-page'];
