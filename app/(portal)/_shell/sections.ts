/** Which sections exist, so that no page links to one that does not. */
import { type NavId, navGroups } from '@/app/_ui/nav';

/** The others join as their domains land. */
const built = new Set<NavId>([
  'overview',
  'pipelines',
  'quality',
  'usage',
  'keys',
  'team',
  'billing',
  'audit',
  'settings',
]);

export const isBuilt = (id: NavId): boolean => built.has(id);

/** Address of a section; undefined for one that is not built, then a page shows its text without a link. */
export const sectionHref = (id: NavId): string | undefined =>
  isBuilt(id) ? navGroups.flatMap(group => group.items).find(item => item.id === id)?.href : undefined;
