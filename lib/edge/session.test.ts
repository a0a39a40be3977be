import { eq, sql } from 'drizzle-orm';
import { decode, encode } from 'next-auth/jwt';
import { expect, test } from 'vitest';
import { recordSignIn } from '@/lib/domains/team/sign-in';
import { teamMembers, users } from '@/lib/domains/team/tables';
import type { SessionToken } from '@/lib/edge/auth-options';
import { endSessionOf, isStaff, readSession, sessionCookieFor } from '@/lib/edge/session';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newUuid, randomText } from '@/lib/platform/ids';
import { createWorld, type World } from '@/lib/testing/world';

const sign = (token: object, secret = env().NEXTAUTH_SECRET) => encode({ token: token as never, secret });

function tokenOf(world: World, changes: Partial<SessionToken> = {}): SessionToken {
  const { userId, email } = world.members.ADMIN;
  return { userId, email, hostedDomain: null, customerId: world.customerId, sessionVersion: 1, ...changes };
}

test('a session is the person of the cookie with the role Postgres has now', async () => {
  const world = await createWorld();
  const cookie = await sign(tokenOf(world));
  expect((await readSession(cookie))?.membership).toMatchObject({ customerId: world.customerId, role: 'ADMIN' });
  await db().update(teamMembers).set({ role: 'VIEWER' }).where(eq(teamMembers.memberId, world.members.ADMIN.memberId));
  expect((await readSession(cookie))?.membership?.role).toBe('VIEWER');
});

test('a removed member is out at once, with the same cookie', async () => {
  const world = await createWorld();
  const cookie = await sign(tokenOf(world));
  await db()
    .update(teamMembers)
    .set({ status: 'REMOVED' })
    .where(eq(teamMembers.memberId, world.members.ADMIN.memberId));
  expect((await readSession(cookie))?.membership).toBeNull();
});

test('a raised session version ends the sessions made before', async () => {
  const world = await createWorld();
  const cookie = await sign(tokenOf(world));
  await db()
    .update(users)
    .set({ sessionVersion: sql`session_version + 1` })
    .where(eq(users.userId, world.members.ADMIN.userId));
  expect(await readSession(cookie)).toBeNull();
});

test('a session that was signed out is over for every copy of its cookie, also after a switch; others go on', async () => {
  const world = await createWorld();
  const cookie = await sign(tokenOf(world, { sessionId: newUuid() }));
  const copy = await sessionCookieFor(cookie, world.customerId);
  const elsewhere = await sign(tokenOf(world, { sessionId: newUuid() }));
  await endSessionOf(cookie);
  await endSessionOf(cookie);
  expect([await readSession(cookie), await readSession(copy)]).toEqual([null, null]);
  expect(await readSession(elsewhere)).not.toBeNull();
  for (const none of [undefined, '', 'nonsense', await sign({ userId: 'usr_nobody' })]) await endSessionOf(none);
});

test('a forged, foreign or empty cookie is nobody', async () => {
  const world = await createWorld();
  const foreign = await sign(tokenOf(world), 'another secret that is long enough to be one');
  for (const cookie of [undefined, '', 'nonsense', foreign, await sign({ userId: 'usr_nobody', sessionVersion: 1 })]) {
    expect(await readSession(cookie)).toBeNull();
  }
});

test('a cookie that names a foreign organization falls back to the person’s own', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const session = await readSession(await sign(tokenOf(world, { customerId: other.customerId })));
  expect(session?.membership?.customerId).toBe(world.customerId);
  expect(session?.leftOrganization).toBe(true);
});

test('switching keeps the person and changes only the organization', async () => {
  const world = await createWorld();
  const cookie = await sessionCookieFor(await sign(tokenOf(world)), 'cus_other');
  const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET });
  expect(token).toMatchObject({ userId: world.members.ADMIN.userId, customerId: 'cus_other', sessionVersion: 1 });
});

test('staff are the listed addresses; another domain or a like-named address is not', () => {
  const [listed] = env().STAFF_EMAILS;
  expect(isStaff({ email: listed as string, hostedDomain: null })).toBe(true);
  expect(isStaff({ email: `x${listed}`, hostedDomain: null })).toBe(false);
  expect(isStaff({ email: 'someone@example.com', hostedDomain: 'example.com' })).toBe(false);
});

const signIn = (email: string, googleSub: string | null) =>
  recordSignIn(systemCtx('sign-in'), { email, googleSub, fullName: 'New Name', avatarUrl: null });

test('signing in binds Google’s subject once, and finds the person by it after the address changed', async () => {
  const email = `first-${randomText(8)}@example.com`;
  const subject = randomText(20);
  const { result: first } = await signIn(email, subject);
  const { result: again } = await signIn(`renamed-${email}`, subject);
  expect(again).toMatchObject({ userId: first.userId, email: `renamed-${email}` });
});

test('an address that comes back with another subject is rebound, and its old sessions end', async () => {
  const email = `moved-${randomText(8)}@example.com`;
  const { result: first } = await signIn(email, randomText(20));
  const { result: second } = await signIn(email, randomText(20));
  expect(second).toMatchObject({ userId: first.userId, sessionVersion: first.sessionVersion + 1 });
});

test('ten first sign-ins at once make one person', async () => {
  const email = `many-${randomText(8)}@example.com`;
  const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(email, null)));
  expect(new Set(answers.map(answer => answer.result.userId)).size).toBe(1);
});
