/** Frame of the settings pages: the shell, the title and the tabs a role has. */
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PageHeader } from '@/app/_ui/page-header';
import { Tabs } from '@/app/_ui/tabs';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type SettingsTab, settingsPath, settingsTabs } from '@/app/(portal)/settings/_parts/settings-tabs';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';

const labelOf = (current: SettingsTab): string => settingsTabs.find(tab => tab.id === current)?.label ?? 'Settings';

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
  const items = settingsTabs
    .filter(tab => visitorMay(visitor, tab.permission))
    .map(({ id, label }) => ({ href: settingsPath(id), label, current: id === current }));
  return (
    <PortalPage visitor={visitor} current="settings" crumbs={[{ label: labelOf(current) }]}>
      <PageHeader title={labelOf(current)} sentence={sentence} viewOnly={viewOnly} />
      <Tabs label="Settings" items={items} />
      {children}
    </PortalPage>
  );
}
