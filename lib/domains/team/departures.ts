/** Removing a member, and leaving: both are out with their next request. Source: docs/architecture.md, Team. */
import { leaveInput, removeMemberInput } from '@/lib/domains/team/input';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { notifyRemoved } from '@/lib/domains/team/notifications';
import {
  lockRoster,
  memberOf,
  type Roster,
  requireAnotherOwner,
  requireOwnerFor,
  updateMember,
} from '@/lib/domains/team/roster';
import type { TeamMember } from '@/lib/domains/team/tables';
import { auditViewOf, type MemberView, viewOf } from '@/lib/domains/team/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

async function depart(tx: Tx, ctx: Ctx, known: TeamMember, reason: string | null): Promise<Change<MemberView>> {
  const row = await updateMember(tx, ctx, known.memberId, {
    status: 'REMOVED',
    removedAt: ctx.clock(),
    removedBy: actorLabel(ctx.actor),
    removalReason: reason,
  });
  return {
    result: viewOf(row),
    target: { type: 'member', id: row.memberId },
    before: auditViewOf(known),
    after: { ...auditViewOf(row), ...(reason ? { reason } : {}) },
    mirror: [teamMembersMirror.ref(row)],
  };
}

/**
 * Removes a member; keys they made keep working. Removing again changes nothing. AppError forbidden where an admin removes
 * an owner, conflict for the last owner, for oneself (leave instead) and for an invitation (cancel it), not_found.
 */
export const removeMember = defineCommand({
  name: 'team.remove',
  permission: 'team:write',
  input: removeMemberInput,
  run: async ({ ctx, tx, input }): Promise<Change<MemberView>> => {
    const roster = await lockRoster(tx, ctx, 'team:write');
    const known = memberOf(roster, input.member_id, 'ACTIVE', 'SUSPENDED', 'REMOVED', 'INVITED');
    if (known.status === 'REMOVED') return { result: viewOf(known), unchanged: true };
    refuseRemoval(roster, known);
    const change = await depart(tx, ctx, known, input.reason || null);
    await notifyRemoved(tx, ctx, roster.self, known);
    return change;
  },
});

function refuseRemoval(roster: Roster, known: TeamMember): void {
  if (known.status === 'INVITED')
    throw new AppError('conflict', 'This person has not joined yet. Cancel the invitation instead.');
  if (known.memberId === roster.self?.memberId)
    throw new AppError('conflict', 'You cannot remove yourself. Leave the organization instead.');
  requireOwnerFor(roster, known.role);
  requireAnotherOwner(roster, known);
}

/** The caller leaves the organization. AppError conflict for the last owner, forbidden for keys. */
export const leaveTeam = defineCommand({
  name: 'team.leave',
  permission: 'profile:write',
  input: leaveInput,
  run: async ({ ctx, tx }): Promise<Change<MemberView>> => {
    const roster = await lockRoster(tx, ctx, 'profile:write');
    if (!roster.self) throw new AppError('forbidden', 'Only a signed-in member can leave.');
    requireAnotherOwner(roster, roster.self);
    return depart(tx, ctx, roster.self, 'Left');
  },
});
