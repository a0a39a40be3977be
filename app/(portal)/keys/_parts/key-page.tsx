/** What the pages of API keys share: the frame, the 403 before any form, the key or 404. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { readKey } from '@/lib/domains/keys/queries';
import type { KeyView } from '@/lib/domains/keys/view';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
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

/** The visitor who may change keys, or the page that says who can; `action` is what was tried. */
export async function keyWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'keys:write')) return { visitor };
  return { refused: await adminsOnlyPage(visitor, action, doWhat) };
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
