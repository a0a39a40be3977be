/** What all pages of the desk share: who may be here, and its frame with tabs. */
import type { ReactNode } from 'react';
import { PageHeader } from '@/app/_ui/page-header';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { DeskTabs } from '@/app/(portal)/desk/_parts/desk-tabs';
import type { Visitor } from '@/lib/edge/portal/page';

/** What a member reads who may not query. */
export const deskRefusal = whoCan('desk:query', 'ask the organization’s data by SQL');

type Props = {
  visitor: Visitor;
  current?: Parameters<typeof DeskTabs>[0]['current'];
  title: string;
  sentence: ReactNode;
  actions?: ReactNode;
  crumbs?: readonly { label: string; href?: string }[];
  children: ReactNode;
};

export const DeskPage = ({ visitor, current, crumbs, children, ...header }: Props) => (
  <PortalPage visitor={visitor} current="desk" crumbs={crumbs}>
    <PageHeader {...header} />
    <DeskTabs current={current} />
    {children}
  </PortalPage>
);
