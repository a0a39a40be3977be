/** Choosing one's mails: each choice is kept with the notifications, and the member's row says whether any is on. */
import { and, eq } from 'drizzle-orm';
import { setPreferencesInput } from '@/lib/domains/notifications/input';
import { choicesOf, memberAsking, onOnly, storeChoice } from '@/lib/domains/notifications/preferences';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { teamMembers } from '@/lib/domains/team/tables';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/**
 * Sets which events reach the caller by mail, here only; queued messages turned off by it are not sent any more.
 * Only what is changed is stored, so that the rest follows the role. team_members.email_notifications is true while any
 * of them is on. AppError invalid_input, forbidden.
 */
export const setPreferences = defineCommand({
  name: 'notification.set_preferences',
  permission: 'profile:write',
  input: setPreferencesInput,
  run: async ({ ctx, tx, input }) => {
    const { id } = memberAsking(ctx);
    const { customerId } = requireCustomer(ctx);
    const own = and(eq(teamMembers.customerId, customerId), eq(teamMembers.userId, id));
    // The lock orders two forms of one person; the later one holds whole.
    const [row] = await tx.select().from(teamMembers).where(own).for('update');
    if (!row) throw new AppError('not_found', 'You are not a member of this organization.');
    const member = { ...memberAsking(ctx), role: row.role };
    const before = await choicesOf(tx, customerId, member);
    const offered = before.map(choice => choice.event);
    const foreign = input.mail.find(event => !offered.includes(event));
    if (foreign) {
      const message = `Your role does not get ${foreign}.`;
      throw new AppError('invalid_input', message, { fields: [{ path: 'mail', message }] });
    }
    const after = offered.map(event => ({ event, mail: input.mail.includes(event) }));
    if (onOnly(before).join() === onOnly(after).join()) return { result: after, unchanged: true };
    const updatedAt = ctx.clock();
    const changes = after.filter(({ mail }, index) => mail !== before[index]?.mail);
    for (const choice of changes) await storeChoice(tx, customerId, member, choice, updatedAt);
    const [changed] = await tx
      .update(teamMembers)
      .set({ emailNotifications: onOnly(after).length > 0, updatedAt })
      .where(own)
      .returning();
    return {
      result: after,
      target: { type: 'user', id: member.id },
      before: { mail: onOnly(before) },
      after: { mail: onOnly(after) },
      mirror: changed ? [teamMembersMirror.ref(changed)] : [],
    };
  },
});
