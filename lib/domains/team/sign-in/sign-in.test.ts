/** Signing in, as the organizations of the person see it: who, from where, and under which address. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { auditOf, invited, invitee, memberByEmail, memberById, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { addMember } from '@/lib/domains/team/commands';
import { acceptInvitation } from '@/lib/domains/team/invitations/acceptance';
import { changeRole } from '@/lib/domains/team/roles';
import { recordSignIn } from '@/lib/domains/team/sign-in/sign-in';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { verifyAudit } from '@/lib/kernel/audit/audit-verify';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';
import { auditLog } from '@/lib/kernel/tables';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { newUuid, randomText } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const request = () => ({ requestId: newUuid(), ipPrefix: '198.51.100.0/24', userAgent: 'a browser' });
const signInCtx = (from = request()): Ctx => ({ ...systemCtx('sign-in'), ...from });
const signIn = (email: string, googleSub: string | null = null, ctx = signInCtx()) =>
  recordSignIn(ctx, { email, googleSub, fullName: 'Mia Kern', avatarUrl: null });

/** Binds the member to a subject of Google's, so that the person is known after the address has changed. */
async function bound(world: World, role: Role): Promise<string> {
  const subject = randomText(20);
  await signIn(world.members[role].email, subject);
  return subject;
}

test('each organization of the person has the sign-in in its log once: who, from where, in which request', async () => {
  const [world, other, third] = [await createWorld(), await createWorld({ plan: 'SCALE' }), await createWorld()];
  const { userId, email } = world.members.COLLABORATOR;
  await addMember(other.system, { email, role: 'ADMIN' });
  const from = request();
  await signIn(email, null, signInCtx(from));
  for (const place of [world, other]) {
    const { memberId } = await memberByEmail(place, email);
    expect(await auditOf(place, 'user.sign_in')).toMatchObject([
      { actorType: 'user', actorId: userId, targetType: 'member', targetId: memberId, outcome: 'ok', ...from },
    ]);
    expect((await verifyAudit(db(), place.customerId)).faults).toEqual([]);
  }
  expect(await auditOf(third, 'user.sign_in')).toEqual([]);
});

test('the row of the sign-in itself names the person and the request, also when Google’s account was replaced', async () => {
  const world = await createWorld();
  await bound(world, 'ADMIN');
  const from = request();
  const { userId, email } = world.members.ADMIN;
  await signIn(email, randomText(20), signInCtx(from));
  const rows = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.requestId, from.requestId), eq(auditLog.targetType, 'user')));
  expect(rows).toMatchObject([
    {
      action: 'user.sign_in',
      customerId: null,
      actorType: 'person',
      actorId: userId,
      after: { rebound: true },
      ...from,
    },
  ]);
  expect((await auditOf(world, 'user.sign_in')).at(-1)).toMatchObject({ after: { email, rebound: true } });
});

test('a first sign-in of somebody whom nobody invited is in no organization’s log', async () => {
  const from = request();
  const { result } = await signIn(someone(), null, signInCtx(from));
  const rows = await db().select().from(auditLog).where(eq(auditLog.requestId, from.requestId));
  expect(rows).toMatchObject([{ customerId: null, actorType: 'person', actorId: result.userId }]);
});

test('people of the same organizations who sign in at once, while roles change, never block one another for good', async () => {
  const worlds = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })] as const;
  const [one, two] = worlds;
  const people = [one.members.ADMIN.email, two.members.ADMIN.email];
  for (const email of people)
    for (const world of worlds) await addMember(world.system, { email, role: 'ADMIN' }).catch(() => undefined);
  const roleOf = async (world: World, round: number) =>
    changeRole(world.system, {
      member_id: world.members.VIEWER.memberId,
      role: round % 2 ? 'VIEWER' : 'COLLABORATOR',
    });
  const rounds = Array.from({ length: 8 }, (_, round) => round);
  await Promise.all(
    rounds.flatMap(round => [...people.map(email => signIn(email)), roleOf(one, round), roleOf(two, round)]),
  );
  for (const world of worlds) {
    expect(await auditOf(world, 'user.sign_in')).toHaveLength(16);
    expect((await verifyAudit(db(), world.customerId)).faults).toEqual([]);
  }
}, 60_000);

test('a changed address reaches the member, its copy in BigQuery, and the log', async () => {
  const world = await createWorld();
  const { memberId, email } = world.members.ADMIN;
  const subject = await bound(world, 'ADMIN');
  const renamed = `renamed-${email}`;
  await signIn(renamed, subject);
  expect(await memberById(memberId)).toMatchObject({ email: renamed, loginCount: 2 });
  expect((await auditOf(world, 'user.sign_in')).at(-1)).toMatchObject({
    targetId: memberId,
    before: { email },
    after: { email: renamed },
  });
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  const { rows } = await runStatement({
    name: 'test/sign-in',
    sql: 'SELECT email FROM customers.customer_team_members WHERE customer_id = @id AND member_id = @member',
    parameters: { id: { type: 'STRING', value: world.customerId }, member: { type: 'STRING', value: memberId } },
  });
  expect(rows).toEqual([{ email: renamed }]);
}, 60_000);

test('an address that another row of the team has is not taken twice: the member keeps the old one and is signed in', async () => {
  const [world, other] = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })];
  const { memberId, email, userId } = world.members.ADMIN;
  await addMember(other.system, { email, role: 'VIEWER' });
  const elsewhere = await memberByEmail(other, email);
  const subject = await bound(world, 'ADMIN');
  const renamed = `renamed-${email}`;
  await invited(world, 'VIEWER', renamed);
  const { result } = await signIn(renamed, subject);
  expect(result).toMatchObject({ userId, email: renamed });
  expect(await memberById(memberId)).toMatchObject({ email, loginCount: 2 });
  expect(await memberById(elsewhere.memberId)).toMatchObject({ email: renamed, loginCount: 2 });
});

test('a member who is invited under a new address does not join a second time', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { userId, email } = world.members.VIEWER;
  const renamed = `renamed-${email}`;
  const { token, memberId } = await invited(world, 'ADMIN', renamed);
  await db().update(users).set({ email: renamed }).where(eq(users.userId, userId));
  const ctx: Ctx = { ...world.as('VIEWER'), actor: { type: 'user', id: userId, email: renamed, role: 'VIEWER' } };
  await expect(acceptInvitation(ctx, { token })).rejects.toMatchObject({
    code: 'conflict',
    message: `You are a member of this organization already, as ${email}. Ask an admin to cancel this invitation.`,
  });
  expect((await memberById(memberId))?.status).toBe('INVITED');
  const rows = await db().select().from(teamMembers).where(eq(teamMembers.userId, userId));
  expect(rows).toMatchObject([{ role: 'VIEWER', status: 'ACTIVE' }]);
});

test('somebody who left joins again by a new invitation', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, token, memberId } = await invited(world);
  const ctx = await invitee(world, email);
  await db()
    .insert(teamMembers)
    .values({
      memberId: `mem_${randomText(20)}`,
      customerId: world.customerId,
      userId: ctx.userId,
      email: someone(),
      role: 'VIEWER',
      status: 'REMOVED',
    });
  await acceptInvitation(ctx, { token });
  expect((await memberById(memberId))?.status).toBe('ACTIVE');
});
