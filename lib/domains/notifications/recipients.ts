/** Whom an event reaches: members whose role allows it, their own choice before the default; invited people while it stands. */
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import { isOnByDefault } from '@/lib/domains/notifications/event-rules';
import { type ChannelName, type EventData, events, type RoleEventName } from '@/lib/domains/notifications/events';
import { notificationPreferences } from '@/lib/domains/notifications/tables';
import { teamMembers } from '@/lib/domains/team/tables';
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
    wants: choice ?? isOnByDefault(event, role),
  }));
}

/** False once the invitation was accepted, cancelled or sent again: the link of its message leads nowhere. */
export async function invitationStands(
  store: Db | Tx,
  customerId: string,
  { member_id, expires_at }: EventData<'invitation'>,
): Promise<boolean> {
  const [invited] = await store
    .select({ endsAt: teamMembers.invitationExpiresAt })
    .from(teamMembers)
    .where(
      and(
        eq(teamMembers.customerId, customerId),
        eq(teamMembers.memberId, member_id),
        eq(teamMembers.status, 'INVITED'),
      ),
    );
  return invited?.endsAt?.getTime() === Date.parse(expires_at);
}
