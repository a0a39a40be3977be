/** What the pages of provider configs share: the frame, the 403 before any form, the config or 404. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { findConfig } from '@/lib/domains/providers/queries';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { AppError } from '@/lib/platform/errors';

export type ConfigPageProps = { params: Promise<{ id: string }> };
export type FoundConfig = Awaited<ReturnType<typeof findConfig>>;

export const configHref = (id: string): string => `/providers/${encodeURIComponent(id)}`;

type FrameProps = { visitor: Visitor; crumbs?: readonly { label: string; href?: string }[]; children: ReactNode };

/** The page in its frame, under "Providers". */
export const ProviderFrame = ({ visitor, crumbs, children }: FrameProps) => (
  <PortalPage visitor={visitor} current="providers" crumbs={crumbs}>
    {children}
  </PortalPage>
);

/** The visitor who may change configs, or the page that says who can; `action` is what was tried. */
export async function configWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'providers:write')) return { visitor };
  return { refused: await deniedPage(visitor, action, `Only owners, admins and collaborators can ${doWhat}.`) };
}

/** The config of the page's address; 404 for an unknown or foreign one. */
export async function configOr404(visitor: Visitor, id: string): Promise<FoundConfig> {
  return findConfig(visitor.ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}
