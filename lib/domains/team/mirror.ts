/** team_members → customers.customer_team_members; the invitation token's hash stays here. */
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
import { type Permission, permissions, type Role, roleHas } from '@/lib/kernel/permissions';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerTeamMembersRow, tables } from '@/lib/warehouse/rows/customers';

const permissionsOf = (role: Role): string[] =>
  (Object.keys(permissions) as Permission[]).filter(name => roleHas(role, name));

export const teamMembersMirror = defineMirror<TeamMember, CustomerTeamMembersRow>({
  name: 'customers.customer_team_members',
  shape: tables.customer_team_members,
  mode: 'upsert',
  ...mirrorSource(teamMembers, { key: teamMembers.memberId, customer: teamMembers.customerId }),
  keyOf: member => member.memberId,
  customerOf: member => member.customerId,
  toRow: member => ({
    member_id: member.memberId,
    customer_id: member.customerId,
    email: member.email,
    full_name: member.fullName,
    avatar_url: member.avatarUrl,
    role: member.role,
    permissions: permissionsOf(member.role),
    status: member.status,
    is_active: member.status === 'ACTIVE',
    invited_by: member.invitedBy,
    invited_at: member.invitedAt,
    invitation_token: null,
    invitation_expires_at: member.invitationExpiresAt,
    joined_at: member.joinedAt,
    last_login_at: member.lastLoginAt,
    last_activity_at: member.lastActivityAt,
    login_count: member.loginCount,
    created_at: member.createdAt,
    updated_at: member.updatedAt,
    removed_at: member.removedAt,
    removed_by: member.removedBy,
    removal_reason: member.removalReason,
    email_notifications: member.emailNotifications,
    slack_notifications: member.slackNotifications,
    timezone: member.timezone,
  }),
});
