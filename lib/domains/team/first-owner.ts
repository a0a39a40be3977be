/** The member that a new customer begins with. */
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

type NewOwner = {
  customerId: string;
  person: { userId: string; email: string; fullName: string | null };
  at: Date;
};

/** Inserts the person who opens an organization as its owner; the caller enqueues `mirror`. */
export async function addFirstOwner(
  tx: Tx,
  { customerId, person, at }: NewOwner,
): Promise<{ owner: TeamMember; mirror: MirrorRef[] }> {
  const [owner] = await tx
    .insert(teamMembers)
    .values({
      memberId: newId('mem'),
      customerId,
      ...person,
      role: 'OWNER',
      status: 'ACTIVE',
      invitedAt: at,
      joinedAt: at,
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!owner) throw new Error('the owner was not stored');
  return { owner, mirror: [teamMembersMirror.ref(owner)] };
}
