/** Addresses of the sections. */
import { type NavId, navGroups } from '@/app/_ui/nav';

const items = navGroups.flatMap(group => group.items);

/** Where a section begins. */
export const sectionHref = (id: NavId): string => items.find(item => item.id === id)?.href ?? '/';
