/** What the pages of credentials share: the frame, the 403 before any form, the credential or 404. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { findCredential } from '@/lib/domains/credentials/queries';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { AppError } from '@/lib/platform/errors';

export type CredentialPageProps = { params: Promise<{ id: string }> };
export type FoundCredential = Awaited<ReturnType<typeof findCredential>>;

export const credentialHref = (id: string): string => `/credentials/${encodeURIComponent(id)}`;

type FrameProps = { visitor: Visitor; crumbs?: readonly { label: string; href?: string }[]; children: ReactNode };

/** The page in its frame, under "Credentials". */
export const CredentialFrame = ({ visitor, crumbs, children }: FrameProps) => (
  <PortalPage visitor={visitor} current="credentials" crumbs={crumbs}>
    {children}
  </PortalPage>
);

/** The visitor who may change credentials, or the page that says who can; `action` is what was tried. */
export async function credentialWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'credentials:write')) return { visitor };
  return { refused: await adminsOnlyPage(visitor, action, doWhat) };
}

/** The credential of the page's address; 404 for an unknown, foreign or deleted one. */
export async function credentialOr404(visitor: Visitor, id: string): Promise<FoundCredential> {
  const credential = await findCredential(visitor.ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
  if (!credential.is_active) notFound();
  return credential;
}
