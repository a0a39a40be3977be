/** Which members an event reaches: their role must allow it, and their own choice comes before the default. */
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import { type ChannelName, events, isOnByDefault, type RoleEventName } from '@/lib/domains/notifications/events';
import { notificationPreferences } from '@/lib/domains/notifications/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import type { Role } from '@/lib/kernel/permissions';
import type { Db, Tx } from '@/lib/platform/db';

export type Recipient = { email: string; userId: string | null; wants: boolean };

/** The active members whose role may have the event, and whether each wants it on this channel. `userId` narrows to one. */
export async function membersWanting(
  store: Db | Tx,
  customerId: string,
  event: RoleEventName,
  channel: ChannelName,
  userId?: string,
): Promise<Recipient[]> {
  const rows = await store
    .select({
      email: teamMembers.email,
      userId: teamMembers.userId,
      role: teamMembers.role,
      choice: notificationPreferences.enabled,
    })
    .from(teamMembers)
    .leftJoin(
      notificationPreferences,
      and(
        eq(notificationPreferences.userId, teamMembers.userId),
        eq(notificationPreferences.customerId, teamMembers.customerId),
        eq(notificationPreferences.event, event),
        eq(notificationPreferences.channel, channel),
      ),
    )
    .where(
      and(
        eq(teamMembers.customerId, customerId),
        eq(teamMembers.status, 'ACTIVE'),
        isNotNull(teamMembers.userId),
        inArray(teamMembers.role, [...events[event].audience]),
        userId === undefined ? undefined : eq(teamMembers.userId, userId),
      ),
    )
    .orderBy(asc(teamMembers.memberId));
  return rows.map(({ email, userId: id, role, choice }) => ({
    email,
    userId: id,
    wants: choice ?? isOnByDefault(event, role as Role),
  }));
}
