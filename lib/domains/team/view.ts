/** A member or invitation as callers may see it: every column but the token's hash. */
import type { TeamMember } from '@/lib/domains/team/tables';
import type { Role } from '@/lib/kernel/permissions';

export type MemberView = {
  member_id: string;
  email: string;
  full_name: string | null;
  role: Role;
  /** ACTIVE, INVITED, SUSPENDED or REMOVED. */
  status: string;
  invited_by: string | null;
  invitation_expires_at: Date | null;
  joined_at: Date | null;
  last_login_at: Date | null;
  updated_at: Date;
};

/** The view of a stored row. */
export const viewOf = (member: TeamMember): MemberView => ({
  member_id: member.memberId,
  email: member.email,
  full_name: member.fullName,
  role: member.role,
  status: member.status,
  invited_by: member.invitedBy,
  invitation_expires_at: member.status === 'INVITED' ? member.invitationExpiresAt : null,
  joined_at: member.joinedAt,
  last_login_at: member.lastLoginAt,
  updated_at: member.updatedAt,
});

/** What the audit log keeps of a row: what a person may change. */
export const auditViewOf = ({ email, role, status, invitationExpiresAt }: TeamMember) => ({
  email,
  role,
  status,
  ...(status === 'INVITED' ? { invitation_expires_at: invitationExpiresAt } : {}),
});
