/** Where the palette and the search page lead without asking anybody: pages, and forms that make something. */
import { type NavId, navGroups } from '@/app/_ui/nav';
import type { Target } from '@/app/_ui/palette/target';
import { pipelinePages } from '@/app/(portal)/_runs/section-tabs';
import { agentLogPages } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { qualityPages } from '@/app/(portal)/data-quality/_parts/quality-tabs';
import { deskPages } from '@/app/(portal)/desk/_parts/desk-tabs';
import { pullRequestPages } from '@/app/(portal)/pull-requests/_parts/pull-requests-tabs';
import { settingsPath, settingsTabs } from '@/app/(portal)/settings/_parts/settings-tabs';
import { tracesPages } from '@/app/(portal)/traces/_parts/traces-tabs';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import type { Permission } from '@/lib/kernel/permissions';

/** Each with the permission of its form. */
const makes: readonly (readonly [label: string, href: string, permission: Permission])[] = [
  ['Create API key', '/keys/new', 'keys:write'],
  ['Create event source', '/sources/new', 'events:write'],
  ['Add provider', '/providers/new', 'providers:write'],
  ['Add credential', '/credentials/new', 'credentials:write'],
  ['Invite people', '/team/invite', 'team:write'],
  ['Connect repository', '/pull-requests/repositories/new', 'pull-requests:write'],
  ['Set own price of a model', '/traces/prices/new', 'prices:write'],
  ['Add budget', '/traces/budgets/new', 'budgets:write'],
];

type Page = { href: string; label: string };

/** The parts of a section, named with it: its own page has its name already. */
const within = (section: string, pages: readonly Page[]): Page[] =>
  pages.slice(1).map(({ href, label }) => ({ href, label: `${section}: ${label}` }));

/** Sections that some roles may not open. */
const guarded: Partial<Record<NavId, Permission>> = { audit: 'audit:read', desk: 'desk:query' };

/** What people look for that a section's name does not say. */
const words: Partial<Record<NavId, string>> = { desk: 'sql' };

/** Whether the section stands in this visitor's navigation. */
export function mayOpen(visitor: Visitor, id: NavId): boolean {
  const permission = guarded[id];
  return permission === undefined || visitorMay(visitor, permission);
}

/** What this visitor may open: sections, their pages, and what they may make. */
export function targetsOf(visitor: Visitor): Target[] {
  const sections = navGroups
    .flatMap(group => group.items)
    .filter(({ id }) => id !== 'settings' && mayOpen(visitor, id))
    .map(({ id, href, label }) => ({ href, label, ...(words[id] && { words: words[id] }) }));
  const settings = settingsTabs
    .filter(tab => visitorMay(visitor, tab.permission))
    .map(({ id, label }) => ({ href: settingsPath(id), label: `Settings: ${label}` }));
  const pages = [
    ...sections,
    ...within('Pipelines', pipelinePages),
    ...within('Data quality', qualityPages),
    ...within('AI usage', tracesPages),
    ...within('Pull requests', pullRequestPages),
    ...within('Agent log', agentLogPages),
    ...(mayOpen(visitor, 'desk') ? within('Query desk', deskPages) : []),
    ...settings,
    { href: '/docs', label: 'Docs' },
  ];
  return [
    ...pages.map(page => ({ group: 'Pages', ...page })),
    ...makes
      .filter(([, , permission]) => visitorMay(visitor, permission))
      .map(([label, href]) => ({ group: 'Create', href, label })),
  ];
}
