/** A person's own settings. Name and address are Google's and not changed here. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { updateProfileInput } from '@/lib/domains/team/input';
import { users } from '@/lib/domains/team/tables';
import { defineCommand } from '@/lib/kernel/command';
import { AppError } from '@/lib/platform/errors';

/** Changes how times are shown to the caller, and by which zone. Throws AppError forbidden for anyone but a person. Source: docs/ui.md, Settings. */
export const updateProfile = defineCommand({
  name: 'profile.update',
  permission: 'profile:write',
  input: updateProfileInput,
  run: async ({ ctx, tx, input }) => {
    if (ctx.actor.type !== 'user') throw new AppError('forbidden', 'Only a signed-in person has a profile.');
    const { id } = ctx.actor;
    const [known] = await tx.select().from(users).where(eq(users.userId, id)).for('update');
    if (!known) throw new AppError('not_found', 'There is no such person.');
    const before = { time_display: known.timeDisplay, time_zone: known.timeZone };
    const result = { time_display: input.time_display, time_zone: input.time_zone ?? null };
    if (input.time_zone === undefined) result.time_zone = known.timeZone;
    if (before.time_display === result.time_display && before.time_zone === result.time_zone)
      return { result, unchanged: true };
    const changed = { timeDisplay: result.time_display, timeZone: result.time_zone, updatedAt: ctx.clock() };
    await tx.update(users).set(changed).where(eq(users.userId, id));
    return { result, target: { type: 'user', id }, before, after: result, mirror: [] };
  },
});

/** Hides the caller's checklist on the Overview, in all their organizations, or brings it back. AppError forbidden for keys. */
export const hideChecklist = defineCommand({
  name: 'profile.hide_checklist',
  permission: 'profile:write',
  input: z.strictObject({ hidden: z.boolean() }),
  run: async ({ ctx, tx, input }) => {
    if (ctx.actor.type !== 'user') throw new AppError('forbidden', 'Only a signed-in person has a checklist.');
    const { id } = ctx.actor;
    const [known] = await tx.select().from(users).where(eq(users.userId, id)).for('update');
    if (!known) throw new AppError('not_found', 'There is no such person.');
    const result = { checklist_hidden: input.hidden };
    if (known.checklistHidden === input.hidden) return { result, unchanged: true };
    await tx.update(users).set({ checklistHidden: input.hidden, updatedAt: ctx.clock() }).where(eq(users.userId, id));
    const before = { checklist_hidden: known.checklistHidden };
    return { result, target: { type: 'user', id }, before, after: result, mirror: [] };
  },
});
