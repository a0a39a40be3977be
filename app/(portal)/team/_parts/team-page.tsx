/** What the pages of the team share: the frame, the 403 before any form, the member or 404. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type MemberDetail, readMember } from '@/lib/domains/team/queries';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { type Role, roles } from '@/lib/kernel/permissions';
import { AppError } from '@/lib/platform/errors';

export type MemberPageProps = { params: Promise<{ id: string }> };

/** The page in its frame, under "Team". */
export function TeamFrame({ visitor, crumb, children }: { visitor: Visitor; crumb?: string; children: ReactNode }) {
  return (
    <PortalPage visitor={visitor} current="team" crumbs={crumb ? [{ label: crumb }] : undefined}>
      {children}
    </PortalPage>
  );
}

/** The visitor who may change the team, or the page that says who can; `action` is what was tried. */
export async function teamWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'team:write')) return { visitor };
  return { refused: await adminsOnlyPage(visitor, action, doWhat) };
}

/** The member of the page's address; 404 for an unknown, foreign or departed one. */
export async function memberOr404(visitor: Visitor, id: string): Promise<MemberDetail> {
  try {
    const member = await readMember(visitor.ctx, id);
    if (member.status !== 'ACTIVE' && member.status !== 'SUSPENDED') notFound();
    return member;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  }
}

/** Whether the visitor may change this member: only owners touch owners. */
export const mayTouch = (visitor: Visitor, member: { role: Role }): boolean =>
  visitorMay(visitor, 'team:write') && (member.role !== 'OWNER' || visitor.membership.role === 'OWNER');

/** Roles the visitor may give. */
export const grantableRoles = (visitor: Visitor): readonly Role[] =>
  visitor.membership.role === 'OWNER' ? roles : roles.filter(role => role !== 'OWNER');

export const nameOf = (member: { full_name: string | null; email: string }): string => member.full_name ?? member.email;
