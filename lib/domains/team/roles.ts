/** Changing what members may do, and handing the organization over. Source: docs/architecture.md, Team, Roles. */
import { changeRoleInput, transferInput } from '@/lib/domains/team/input';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { notifyRoleChanged } from '@/lib/domains/team/notifications';
import { lockRoster, memberOf, requireAnotherOwner, requireOwnerFor, updateMember } from '@/lib/domains/team/roster';
import { columnsOfRole } from '@/lib/domains/team/sign-in/raised-role';
import { auditViewOf, type MemberView, viewOf } from '@/lib/domains/team/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireMayGiveRole } from '@/lib/kernel/grants';
import { AppError } from '@/lib/platform/errors';

/**
 * Changes a member's role; less holds from their next request on, more after they sign in again. AppError invalid_input
 * where one's own role is changed without `confirm_own`, forbidden where an admin touches owners, insufficient_scope
 * where a key gives more than it has, conflict for the last owner, not_found.
 */
export const changeRole = defineCommand({
  name: 'team.change_role',
  permission: 'team:write',
  input: changeRoleInput,
  run: async ({ ctx, tx, input }): Promise<Change<MemberView>> => {
    const roster = await lockRoster(tx, ctx, 'team:write');
    const known = memberOf(roster, input.member_id, 'ACTIVE', 'SUSPENDED');
    if (known.role === input.role) return { result: viewOf(known), unchanged: true };
    requireOwnerFor(roster, known.role, input.role);
    requireMayGiveRole(ctx, input.role);
    requireAnotherOwner(roster, known);
    if (known.memberId === roster.self?.memberId && !input.confirm_own) {
      const message = 'Confirm that you change your own role.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm_own', message }] });
    }
    const row = await updateMember(tx, ctx, known.memberId, columnsOfRole(known, input.role));
    await notifyRoleChanged(tx, ctx, roster.self, known, row);
    return {
      result: viewOf(row),
      target: { type: 'member', id: row.memberId },
      before: auditViewOf(known),
      after: auditViewOf(row),
      mirror: [teamMembersMirror.ref(row)],
    };
  },
});

/** Makes another active member owner and the caller admin, at once. AppError forbidden for anyone but an owner, not_found. */
export const transferOwnership = defineCommand({
  name: 'team.transfer_ownership',
  permission: 'organization:delete',
  input: transferInput,
  run: async ({ ctx, tx, input }): Promise<Change<{ owner: MemberView; former: MemberView }>> => {
    const roster = await lockRoster(tx, ctx, 'organization:delete');
    const heir = memberOf(roster, input.member_id, 'ACTIVE');
    const { self } = roster;
    if (!self) throw new AppError('forbidden', 'Only a signed-in owner hands over ownership.');
    if (heir.memberId === self.memberId) throw new AppError('conflict', 'You are owner already. Choose someone else.');
    const owner = await updateMember(tx, ctx, heir.memberId, columnsOfRole(heir, 'OWNER'));
    const former = await updateMember(tx, ctx, self.memberId, { role: 'ADMIN' });
    if (heir.role !== 'OWNER') await notifyRoleChanged(tx, ctx, self, heir, owner);
    return {
      result: { owner: viewOf(owner), former: viewOf(former) },
      target: { type: 'member', id: owner.memberId },
      before: { owner: auditViewOf(self), member: auditViewOf(heir) },
      after: { owner: auditViewOf(owner), former_owner: auditViewOf(former) },
      mirror: [owner, former].map(teamMembersMirror.ref),
    };
  },
});
