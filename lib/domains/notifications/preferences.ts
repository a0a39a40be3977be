/** What a person wants to be told of, in one organization. Source: docs/ui.md, Settings. */
import { and, eq } from 'drizzle-orm';
import { eventsOf, isOnByDefault, type RoleEventName } from '@/lib/domains/notifications/events';
import { setPreferencesInput } from '@/lib/domains/notifications/input';
import { notificationPreferences } from '@/lib/domains/notifications/tables';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { teamMembers } from '@/lib/domains/team/tables';
import { authorise, defineCommand } from '@/lib/kernel/command';
import { type Actor, type Ctx, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const channel = 'mail';
type Member = Extract<Actor, { type: 'user' }>;
export type Preference = { event: RoleEventName; mail: boolean };

/** The person asking. AppError forbidden for keys, jobs and staff, who get no messages. */
function person(ctx: Ctx): Member {
  if (ctx.actor.type !== 'user') throw new AppError('forbidden', 'Only a signed-in person gets messages.');
  return ctx.actor;
}

async function choicesOf(store: Db | Tx, customerId: string, member: Member): Promise<Preference[]> {
  const rows = await store
    .select({ event: notificationPreferences.event, enabled: notificationPreferences.enabled })
    .from(notificationPreferences)
    .where(
      and(
        eq(notificationPreferences.userId, member.id),
        eq(notificationPreferences.customerId, customerId),
        eq(notificationPreferences.channel, channel),
      ),
    );
  const chosen = new Map(rows.map(row => [row.event, row.enabled]));
  return eventsOf(member.role).map(event => ({
    event,
    mail: chosen.get(event) ?? isOnByDefault(event, member.role as Role),
  }));
}

/** The events the caller may choose, in the page's order, and whether each is on. AppError forbidden. */
export async function readPreferences(ctx: CustomerCtx): Promise<Preference[]> {
  await authorise(ctx, 'profile:write', 'notification.read_preferences');
  return choicesOf(db(), ctx.customerId, person(ctx));
}

const onOnly = (choices: Preference[]): RoleEventName[] =>
  choices.filter(choice => choice.mail).map(choice => choice.event);

/** Stores a choice that differs from the role's default; one that equals it leaves no row, so that it follows the role. */
async function storeChoice(
  tx: Tx,
  customerId: string,
  member: Member,
  { event, mail: enabled }: Preference,
  updatedAt: Date,
): Promise<void> {
  const { userId, customerId: of, event: about, channel: by } = notificationPreferences;
  if (enabled === isOnByDefault(event, member.role as Role)) {
    await tx
      .delete(notificationPreferences)
      .where(and(eq(userId, member.id), eq(of, customerId), eq(about, event), eq(by, channel)));
    return;
  }
  await tx
    .insert(notificationPreferences)
    .values({ userId: member.id, customerId, event, channel, enabled, updatedAt })
    .onConflictDoUpdate({ target: [userId, of, about, by], set: { enabled, updatedAt } });
}

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
    const { id } = person(ctx);
    const { customerId } = requireCustomer(ctx);
    const own = and(eq(teamMembers.customerId, customerId), eq(teamMembers.userId, id));
    // The lock orders two forms of one person; the later one holds whole.
    const [row] = await tx.select().from(teamMembers).where(own).for('update');
    if (!row) throw new AppError('not_found', 'You are not a member of this organization.');
    const member = { ...person(ctx), role: row.role as Role };
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
