/** What the pages of API keys share: the frame, the 403 before any form, the key or 404. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { ForbiddenPage } from '@/app/_ui/error-page';
import { onlyAdminsCan } from '@/app/_ui/page-header';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { readKey } from '@/lib/domains/api-keys/queries';
import type { KeyView } from '@/lib/domains/api-keys/view';
import { readAdmins } from '@/lib/domains/team/membership';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/page';
import { AppError } from '@/lib/platform/errors';

export type KeyPageProps = { params: Promise<{ id: string }> };

/** "Rotate key · Acme · Tenantry". */
export async function keyTitle(title: string): Promise<Metadata> {
  const { membership } = await requireMember();
  return { title: `${title} · ${membership.companyName} · Tenantry` };
}

/** The page in its frame, under "API keys". */
export function KeyFrame({ visitor, crumb, children }: { visitor: Visitor; crumb?: string; children: ReactNode }) {
  return (
    <PortalPage visitor={visitor} current="keys" crumbs={crumb ? [{ label: crumb }] : undefined}>
      {children}
    </PortalPage>
  );
}

/** The visitor who may change keys, or the page that says who can. */
export async function keyWriter(doWhat: string): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'keys:write')) return { visitor };
  const admins = await readAdmins(visitor.membership.customerId);
  return { refused: <ForbiddenPage sentence={onlyAdminsCan(doWhat, admins)} /> };
}

/** The key of the page's address; 404 for an unknown or foreign one. */
export async function keyOr404(visitor: Visitor, id: string): Promise<KeyView> {
  try {
    return await readKey(visitor.ctx, id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  }
}
