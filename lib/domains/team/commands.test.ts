import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { addMember } from '@/lib/domains/team/commands';
import { teamMembers } from '@/lib/domains/team/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const someone = () => `new-${randomText(8)}@example.com`;

test('50 people at once for the 2 free seats of a PROFESSIONAL plan: 2 get in', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, () => addMember(world.system, { email: someone(), role: 'VIEWER' })),
  );
  expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(2);
  const active = await db()
    .select()
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, world.customerId), eq(teamMembers.status, 'ACTIVE')));
  expect(active).toHaveLength(6);
});

test('a collaborator and a viewer may not add people, and the refusal is counted', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  for (const role of ['COLLABORATOR', 'VIEWER'] as const) {
    await expect(addMember(world.as(role), { email: someone(), role: 'VIEWER' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
});

test('an admin cannot make an owner', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await expect(addMember(world.as('ADMIN'), { email: someone(), role: 'OWNER' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('a member added twice is a conflict, and one audit row says who was added', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const email = someone();
  const { result } = await addMember(world.as('OWNER'), { email, role: 'ADMIN' });
  await expect(addMember(world.as('OWNER'), { email, role: 'ADMIN' })).rejects.toMatchObject({ code: 'conflict' });
  const rows = await db().select().from(auditLog).where(eq(auditLog.targetId, result.memberId));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    action: 'team.add_member',
    outcome: 'ok',
    after: { email, role: 'ADMIN', status: 'ACTIVE' },
  });
});
