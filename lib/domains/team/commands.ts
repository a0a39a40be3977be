/** Changes of a customer's team. */
import { and, eq } from 'drizzle-orm';
import { addMemberInput } from '@/lib/domains/team/input';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { ensureUser } from '@/lib/domains/team/people';
import { lockSeats, requireFreeSeat } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { requireMayGiveRole } from '@/lib/kernel/grants';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

/**
 * Adds a person as an active member without an invitation; for the operator's CLI and the seed. A removed member
 * comes back with their old row. Throws AppError conflict for a member, and when all seats are used (C-20 to C-22).
 */
export const addMember = defineCommand({
  name: 'team.add_member',
  permission: 'team:write',
  input: addMemberInput,
  run: async ({ ctx, tx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    requireFreeSeat(await lockSeats(tx, customerId, now));
    const [known] = await tx
      .select()
      .from(teamMembers)
      .where(and(eq(teamMembers.customerId, customerId), eq(teamMembers.email, input.email)));
    if (known?.status === 'ACTIVE')
      throw new AppError('conflict', `${input.email} is a member already.`, {
        fields: [{ path: 'email', message: 'This person is a member already.' }],
      });
    const makesOwners = ctx.actor.type === 'system' || (ctx.actor.type === 'user' && ctx.actor.role === 'OWNER');
    if (input.role === 'OWNER' && !makesOwners) throw new AppError('forbidden', 'Only owners make owners.');
    requireMayGiveRole(ctx, input.role);
    const person = await ensureUser(tx, input.email, input.full_name);
    const columns = {
      userId: person.userId,
      fullName: person.fullName,
      role: input.role,
      status: 'ACTIVE' as const,
      joinedAt: now,
      updatedAt: now,
    };
    const cleared = {
      removedAt: null,
      removedBy: null,
      removalReason: null,
      invitationTokenHash: null,
      invitationExpiresAt: null,
    };
    const [member] = known
      ? await tx
          .update(teamMembers)
          .set({ ...columns, ...cleared })
          .where(eq(teamMembers.memberId, known.memberId))
          .returning()
      : await tx
          .insert(teamMembers)
          .values({
            memberId: newId('mem'),
            customerId,
            email: input.email,
            invitedBy: actorLabel(ctx.actor),
            invitedAt: now,
            createdAt: now,
            ...columns,
          })
          .returning();
    if (!member) throw new Error('the member was not stored');
    const view = { email: member.email, role: member.role, status: member.status };
    return {
      result: { memberId: member.memberId, ...view },
      target: { type: 'member', id: member.memberId },
      before: known ? { email: known.email, role: known.role, status: known.status } : null,
      after: view,
      mirror: [teamMembersMirror.ref(member)],
    };
  },
});
