/** The sections of the portal: one table for navigation, crumbs and page titles. */
import type { IconName } from '@/app/_ui/icon';

export type NavId =
  | 'overview'
  | 'pipelines'
  | 'quality'
  | 'usage'
  | 'keys'
  | 'providers'
  | 'credentials'
  | 'sources'
  | 'traces'
  | 'pulls'
  | 'agents'
  | 'desk'
  | 'team'
  | 'billing'
  | 'audit'
  | 'settings';

export type NavItem = {
  id: NavId;
  label: string;
  /** Where the section begins; every page below it belongs to it. */
  href: string;
  icon: IconName;
  /** Another beginning of its addresses. */
  also?: string;
};
export type NavGroup = { label: string; items: readonly NavItem[] };

export const navGroups: readonly NavGroup[] = [
  {
    label: 'Monitor',
    items: [
      { id: 'overview', label: 'Overview', href: '/', icon: 'layout-dashboard' },
      { id: 'pipelines', label: 'Pipelines and runs', href: '/pipelines', icon: 'workflow', also: '/runs' },
      { id: 'quality', label: 'Data quality', href: '/data-quality', icon: 'list-checks' },
      { id: 'usage', label: 'Usage', href: '/usage', icon: 'gauge' },
    ],
  },
  {
    label: 'Connect',
    items: [
      { id: 'keys', label: 'API keys', href: '/keys', icon: 'key-round' },
      { id: 'providers', label: 'Providers', href: '/providers', icon: 'cloud' },
      { id: 'credentials', label: 'Credentials', href: '/credentials', icon: 'lock-keyhole' },
      { id: 'sources', label: 'Event sources', href: '/sources', icon: 'radio' },
    ],
  },
  {
    label: 'AI',
    items: [
      { id: 'traces', label: 'AI usage', href: '/traces', icon: 'sparkles' },
      { id: 'pulls', label: 'Pull requests', href: '/pull-requests', icon: 'git-pull-request' },
      { id: 'agents', label: 'Agent log', href: '/agent-log', icon: 'bot' },
      { id: 'desk', label: 'Query desk', href: '/desk', icon: 'play' },
    ],
  },
  {
    label: 'Organization',
    items: [
      { id: 'team', label: 'Team', href: '/team', icon: 'users' },
      { id: 'billing', label: 'Billing', href: '/billing', icon: 'credit-card' },
      { id: 'audit', label: 'Audit log', href: '/audit', icon: 'scroll-text' },
      { id: 'settings', label: 'Settings', href: '/settings', icon: 'settings' },
    ],
  },
];

/** Whether a page lies in a section: "/runs/7f3a" in that of pipelines, "/" in none but its own. */
export const isWithin = (path: string, { href, also }: Pick<NavItem, 'href' | 'also'>): boolean =>
  [href, also].some(
    start => start !== undefined && (path === start || (start !== '/' && path.startsWith(`${start}/`))),
  );

/** The section that a page lies in, where it is one of the portal's. */
export const sectionOfPath = (path: string): NavItem | undefined =>
  navGroups.flatMap(group => group.items).find(item => isWithin(path, item));
