/** All pages of the documentation in the order of the side bar. */
import { guideGroups } from '@/app/docs/_content/guides';
import type { PageEntry, PageGroup } from '@/app/docs/_content/types';
import { dataPlanePages } from '@/app/docs/_reference/data-plane';
import { portalPages } from '@/app/docs/_reference/portal';

export const pageGroups: readonly PageGroup[] = [
  ...guideGroups,
  { title: 'API reference', pages: dataPlanePages },
  { title: 'Portal API', pages: portalPages },
];

export const allPages: readonly PageEntry[] = pageGroups.flatMap(({ pages }) => pages);

/** The page at this address below /docs/; undefined where there is none. */
export const pageAt = (slug: string): PageEntry | undefined => allPages.find(page => page.slug === slug);

/** The pages before and after. */
export function neighbours(slug: string): { before?: PageEntry | undefined; after?: PageEntry | undefined } {
  const index = allPages.findIndex(page => page.slug === slug);
  return { before: allPages[index - 1], after: allPages[index + 1] };
}
