import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { addMember } from '@/lib/domains/team/commands';
import { readPerson } from '@/lib/domains/team/membership';
import { updateProfile } from '@/lib/domains/team/profile';
import { readSeats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

test('every role changes how times are shown to themselves, with an audit row, and nobody else', async () => {
  const world = await createWorld();
  await updateProfile(world.as('VIEWER'), { time_display: 'exact' });
  expect((await readPerson(world.members.VIEWER.userId))?.timeDisplay).toBe('exact');
  expect((await readPerson(world.members.OWNER.userId))?.timeDisplay).toBe('relative');
  const rows = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ action: 'profile.update', targetId: world.members.VIEWER.userId });
});

test('a person chooses the zone of their local times, keeps it with another display, and goes back to the browser’s', async () => {
  const world = await createWorld();
  const shown = async () => {
    const person = await readPerson(world.members.VIEWER.userId);
    return [person?.timeDisplay, person?.timeZone];
  };
  await updateProfile(world.as('VIEWER'), { time_display: 'local', time_zone: 'Asia/Kathmandu' });
  expect(await shown()).toEqual(['local', 'Asia/Kathmandu']);
  await updateProfile(world.as('VIEWER'), { time_display: 'exact' });
  expect(await shown()).toEqual(['exact', 'Asia/Kathmandu']);
  await updateProfile(world.as('VIEWER'), { time_display: 'local', time_zone: null });
  expect(await shown()).toEqual(['local', null]);
  await expect(
    updateProfile(world.as('VIEWER'), { time_display: 'local', time_zone: 'Moon/Tranquility' }),
  ).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'time_zone' }] });
  expect(await shown()).toEqual(['local', null]);
});

test('choosing what is chosen already changes nothing and leaves no audit row', async () => {
  const world = await createWorld();
  await updateProfile(world.as('ADMIN'), { time_display: 'relative' });
  expect(await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId))).toEqual([]);
});

test('an unknown choice, another field and a caller who is no person are refused', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  await expect(updateProfile(owner, { time_display: 'lunar' })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(updateProfile(owner, { time_display: 'exact', email: 'a@b.example' })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'email' }],
  });
  await expect(updateProfile(world.system, { time_display: 'exact' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('seats count members and open invitations, not removed people and lapsed invitations', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await addMember(world.system, { email: `fifth-${world.customerId}@example.com`, role: 'VIEWER' });
  const invitation = (email: string, invitationExpiresAt: Date) => ({
    memberId: `mem_${email}_${world.customerId}`,
    customerId: world.customerId,
    email: `${email}-${world.customerId}@example.com`,
    role: 'VIEWER' as const,
    status: 'INVITED' as const,
    invitationExpiresAt,
  });
  await db()
    .insert(teamMembers)
    .values([
      invitation('open', new Date(Date.now() + 60_000)),
      invitation('lapsed', new Date(Date.now() - 60_000)),
      { ...invitation('gone', new Date(Date.now() + 60_000)), status: 'REMOVED' as const },
    ]);
  expect(await readSeats(world.as('VIEWER'))).toEqual({ used: 6, limit: 11, members: 5, invitations: 1 });
});
