/** What a person wants to be told of, in one organization. Source: docs/ui.md, Settings. */
import { and, eq } from 'drizzle-orm';
import { eventsOf, isOnByDefault } from '@/lib/domains/notifications/event-rules';
import type { RoleEventName } from '@/lib/domains/notifications/events';
import { notificationPreferences } from '@/lib/domains/notifications/tables';
import { authorise } from '@/lib/kernel/command';
import type { Actor, Ctx, CustomerCtx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const channel = 'mail';
export type Member = Extract<Actor, { type: 'user' }>;
export type Preference = { event: RoleEventName; mail: boolean };

/** The person asking. AppError forbidden for keys, jobs and staff, who get no messages. */
export function memberAsking(ctx: Ctx): Member {
  if (ctx.actor.type !== 'user') throw new AppError('forbidden', 'Only a signed-in person gets messages.');
  return ctx.actor;
}

/** The events that a member of this role may choose, in the page's order, and whether each is on. */
export async function choicesOf(store: Db | Tx, customerId: string, member: Member): Promise<Preference[]> {
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
    mail: chosen.get(event) ?? isOnByDefault(event, member.role),
  }));
}

/** The events the caller may choose, in the page's order, and whether each is on. AppError forbidden. */
export async function readPreferences(ctx: CustomerCtx): Promise<Preference[]> {
  await authorise(ctx, 'profile:write', 'notification.read_preferences');
  return choicesOf(db(), ctx.customerId, memberAsking(ctx));
}

/** The events of these that are on. */
export const onOnly = (choices: Preference[]): RoleEventName[] =>
  choices.filter(choice => choice.mail).map(choice => choice.event);

/** Stores a choice that differs from the role's default; one that equals it leaves no row, so that it follows the role. */
export async function storeChoice(
  tx: Tx,
  customerId: string,
  member: Member,
  { event, mail: enabled }: Preference,
  updatedAt: Date,
): Promise<void> {
  const { userId, customerId: of, event: about, channel: by } = notificationPreferences;
  if (enabled === isOnByDefault(event, member.role)) {
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
