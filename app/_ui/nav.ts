/** The sections of the portal: one table for navigation, crumbs and page titles. */
import type { IconName } from '@/app/_ui/icon';

export type NavId =
  | 'overview'
  | 'pipelines'
  | 'quality'
  | 'usage'
  | 'providers'
  | 'credentials'
  | 'keys'
  | 'sources'
  | 'traces'
  | 'pulls'
  | 'agents'
  | 'team'
  | 'billing'
  | 'audit'
  | 'settings';

export type NavItem = { id: NavId; label: string; href: string; icon: IconName };
export type NavGroup = { label: string; items: readonly NavItem[] };

export const navGroups: readonly NavGroup[] = [
  {
    label: 'Monitor',
    items: [
      { id: 'overview', label: 'Overview', href: '/', icon: 'layout-dashboard' },
      { id: 'pipelines', label: 'Pipelines and runs', href: '/pipelines', icon: 'workflow' },
      { id: 'quality', label: 'Data quality', href: '/data-quality', icon: 'list-checks' },
      { id: 'usage', label: 'Usage', href: '/usage', icon: 'gauge' },
    ],
  },
  {
    label: 'Connect',
    items: [
      { id: 'providers', label: 'Providers', href: '/providers', icon: 'cloud' },
      { id: 'credentials', label: 'Credentials', href: '/credentials', icon: 'lock-keyhole' },
      { id: 'keys', label: 'API keys', href: '/keys', icon: 'key-round' },
      { id: 'sources', label: 'Event sources', href: '/sources', icon: 'radio' },
    ],
  },
  {
    label: 'AI',
    items: [
      { id: 'traces', label: 'AI usage', href: '/traces', icon: 'sparkles' },
      { id: 'pulls', label: 'Pull requests', href: '/pull-requests', icon: 'git-pull-request' },
      { id: 'agents', label: 'Agent log', href: '/agent-log', icon: 'bot' },
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
