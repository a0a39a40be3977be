/** Frame of the settings pages: the shell, the title and the tabs a role has. */
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PageHeader } from '@/app/_ui/page-header';
import { Tabs } from '@/app/_ui/tabs';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import type { Permission } from '@/lib/kernel/permissions';

type Tab = { id: string; label: string; permission: Permission };

/** The settings pages there are, in order; one that needs a permission is no tab for people without it. */
const tabs = [
  { id: 'profile', label: 'Profile', permission: 'profile:write' },
  { id: 'notifications', label: 'Notifications', permission: 'profile:write' },
  { id: 'organization', label: 'Organization', permission: 'organization:write' },
  { id: 'retention', label: 'Data retention', permission: 'traces:read' },
  { id: 'danger', label: 'Danger zone', permission: 'organization:write' },
] as const satisfies readonly Tab[];

export type SettingsTab = (typeof tabs)[number]['id'];

const pathOf = (id: SettingsTab): string => `/settings/${id}`;

/** Where the section begins; the first tab is one that every role has. */
export const firstSettingsPath = pathOf(tabs[0].id);

const labelOf = (current: SettingsTab): string => tabs.find(tab => tab.id === current)?.label ?? 'Settings';

/** "Notifications · Acme · Tenantry". */
export async function settingsTitle(current: SettingsTab): Promise<Metadata> {
  const { membership } = await requireMember();
  return { title: `${labelOf(current)} · ${membership.companyName} · Tenantry` };
}

type Props = {
  visitor: Visitor;
  current: SettingsTab;
  sentence: ReactNode;
  /** Set where a tab is for all to read and for some to change. */
  viewOnly?: { admins: readonly string[] };
  children: ReactNode;
};

export function SettingsFrame({ visitor, current, sentence, viewOnly, children }: Props) {
  const items = tabs
    .filter(tab => visitorMay(visitor, tab.permission))
    .map(({ id, label }) => ({ href: pathOf(id), label, current: id === current }));
  return (
    <PortalPage visitor={visitor} current="settings" crumbs={[{ label: labelOf(current) }]}>
      <PageHeader title={labelOf(current)} sentence={sentence} viewOnly={viewOnly} />
      <Tabs label="Settings" items={items} />
      {children}
    </PortalPage>
  );
}
