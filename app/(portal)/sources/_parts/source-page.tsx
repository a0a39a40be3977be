/** What the pages of event sources share: the frame, the 403 before any form, the source or 404, the tabs of one. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { Menu } from '@/app/_ui/menu';
import { PageHeader } from '@/app/_ui/page-header';
import { Tabs } from '@/app/_ui/tabs';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { findSource } from '@/lib/domains/events/sources/reads';
import type { SourceView } from '@/lib/domains/events/view';
import { readAdmins } from '@/lib/domains/team/membership';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { AppError } from '@/lib/platform/errors';

export type SourcePageProps = { params: Promise<{ id: string }> };

export const sourceHref = (id: string): string => `/sources/${encodeURIComponent(id)}`;

type FrameProps = { visitor: Visitor; crumbs?: readonly { label: string; href?: string }[]; children: ReactNode };

/** The page in its frame, under "Event sources". */
export const SourceFrame = ({ visitor, crumbs, children }: FrameProps) => (
  <PortalPage visitor={visitor} current="sources" crumbs={crumbs}>
    {children}
  </PortalPage>
);

/** The visitor who may change sources, or the page that says who can; `action` is what was tried. */
export async function sourceWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'events:write')) return { visitor };
  return { refused: await deniedPage(visitor, action, `Only owners, admins and collaborators can ${doWhat}.`) };
}

/** The source of the page's address; 404 for an unknown, foreign or deleted one. */
export async function sourceOr404({ ctx }: Pick<Visitor, 'ctx'>, id: string): Promise<SourceView> {
  return findSource(ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}

const tabs = [
  ['setup', 'Setup', ''],
  ['events', 'Events', '/events'],
  ['schema', 'Schema', '/schema'],
  ['discards', 'Discards', '/discards'],
  ['volume', 'Volume', '/volume'],
] as const;
export type SourceTab = (typeof tabs)[number][0];

type TabProps = { visitor: Visitor; source: SourceView; tab: SourceTab; children: ReactNode };

/** A page of one source: its name and dataset, what may be done with it, its tabs, and below the tab's own content. */
export async function SourceTabPage({ visitor, source, tab, children }: TabProps) {
  const mayWrite = visitorMay(visitor, 'events:write');
  const admins = mayWrite ? [] : await readAdmins(visitor.membership.customerId);
  const href = sourceHref(source.source_id);
  const label = tabs.find(([id]) => id === tab)?.[1] ?? '';
  return (
    <SourceFrame
      visitor={visitor}
      crumbs={tab === 'setup' ? [{ label: source.name }] : [{ label: source.name, href }, { label }]}
    >
      <PageHeader
        title={source.name}
        sentence={
          <>
            Events go to the dataset <code className="wrap-anywhere">{source.dataset}</code>.
          </>
        }
        viewOnly={mayWrite ? undefined : { admins }}
        actions={mayWrite && <Actions source={source} />}
      />
      <Tabs
        label={`Parts of ${source.name}`}
        items={tabs.map(([id, text, path]) => ({ href: `${href}${path}`, label: text, current: id === tab }))}
      />
      <div className="flex flex-col gap-4">{children}</div>
    </SourceFrame>
  );
}

function Actions({ source: { source_id, name } }: { source: SourceView }) {
  const href = sourceHref(source_id);
  return (
    <>
      <LinkButton href={`${href}/edit`} icon="pencil">
        Edit
      </LinkButton>
      <Menu
        name={`Actions for ${name}`}
        items={[
          { type: 'link', label: 'Rotate write key…', href: `${href}/rotate`, icon: 'rotate-cw' },
          { type: 'link', label: 'Delete…', href: `${href}/delete`, icon: 'trash-2', danger: true },
        ]}
      />
    </>
  );
}
