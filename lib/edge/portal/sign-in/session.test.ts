import { eq, sql } from 'drizzle-orm';
import { decode } from 'next-auth/jwt';
import { afterEach, expect, test, vi } from 'vitest';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import { changeRole } from '@/lib/domains/team/roles';
import { endSession } from '@/lib/domains/team/sign-in/ended-sessions';
import { recordSignIn } from '@/lib/domains/team/sign-in/sign-in';
import { endedSessions, teamMembers, users } from '@/lib/domains/team/tables';
import { authOptions, type SessionToken } from '@/lib/edge/portal/sign-in/auth-options';
import { sessionMaxAgeSeconds } from '@/lib/edge/portal/sign-in/cookies';
import {
  endSessionOf,
  isStaff,
  newSessionCookieFor,
  organizationNamedBy,
  readSession,
  sessionCookieFor,
} from '@/lib/edge/portal/sign-in/session';
import { systemCtx } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newUuid, randomText } from '@/lib/platform/ids';

const sign = sealedToken;

const tokenOf = (world: World, changes: Partial<SessionToken> = {}): SessionToken =>
  sessionToken(world.members.ADMIN, { customerId: world.customerId, ...changes });

const opened = (cookie: string) => decode({ token: cookie, secret: env().NEXTAUTH_SECRET });
const nowSeconds = () => Math.floor(Date.now() / 1000);

afterEach(() => vi.useRealTimers());

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

/** The person who is admin of both organizations, as signing in by Google makes their cookie. */
async function adminOfBoth() {
  const [one, other] = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })];
  const { userId, email } = one.members.ADMIN;
  await db()
    .update(teamMembers)
    .set({ userId, email, role: 'VIEWER' })
    .where(eq(teamMembers.memberId, other.members.ADMIN.memberId));
  const signIn = async (customerId: string | null) => {
    const jwt = authOptions({ customerId }).callbacks?.jwt;
    const profile = { email, email_verified: true, name: 'Admin of both', sub: randomText(20) };
    return sign((await jwt?.({ token: {}, account: { provider: 'google' }, profile } as never)) as SessionToken);
  };
  const raise = (role: Role) => changeRole(other.as('OWNER'), { member_id: other.members.ADMIN.memberId, role });
  return { one, other, signIn, raise };
}
const placeOf = async (cookie: string) => {
  const membership = (await readSession(cookie))?.membership;
  return membership ? [membership.customerId, membership.role] : null;
};

test('a raised role ends the person’s sessions in that organization only', async () => {
  const { one, other, signIn, raise } = await adminOfBoth();
  const [here, there, nowhere] = [await signIn(one.customerId), await signIn(other.customerId), await signIn(null)];
  await raise('ADMIN');
  expect(await placeOf(here)).toEqual([one.customerId, 'ADMIN']);
  expect(await placeOf(there)).toBeNull();
  // A cookie that names none goes on where it may.
  expect(await placeOf(nowhere)).toEqual([one.customerId, 'ADMIN']);
  // No copy of a cookie gets in by a switch.
  for (const cookie of [here, there, nowhere])
    expect(await placeOf(await sessionCookieFor(cookie, other.customerId))).toBeNull();
  const again = await signIn(other.customerId);
  expect(await placeOf(again)).toEqual([other.customerId, 'ADMIN']);
  expect(await placeOf(await sessionCookieFor(again, one.customerId))).toEqual([one.customerId, 'ADMIN']);
  await raise('VIEWER');
  expect(await placeOf(again)).toEqual([other.customerId, 'VIEWER']);
  await raise('COLLABORATOR');
  expect(await placeOf(again)).toBeNull();
});

test('a person of one organization whose role was raised there signs in again', async () => {
  const world = await createWorld();
  const cookie = await sign(sessionToken(world.members.VIEWER));
  await changeRole(world.as('OWNER'), { member_id: world.members.VIEWER.memberId, role: 'ADMIN' });
  expect(await readSession(cookie)).toBeNull();
});

test('signing in again goes on in the organization the cookie named, unless another account signs in', async () => {
  const { other, signIn, raise } = await adminOfBoth();
  const cookie = await signIn(other.customerId);
  await raise('ADMIN');
  expect(await organizationNamedBy(cookie)).toBe(other.customerId);
  expect(await organizationNamedBy('forged')).toBeNull();
  const stranger = await adminOfBoth();
  expect((await readSession(await stranger.signIn(other.customerId)))?.leftOrganization).toBe(false);
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

test('a session is over 7 days after the sign-in, however often and however late its cookie was renewed', async () => {
  const world = await createWorld();
  const signedInAt = nowSeconds() - sessionMaxAgeSeconds + 60;
  const cookie = await sign(tokenOf(world, { signedInAt }));
  const renewed = [
    await sessionCookieFor(cookie, world.customerId),
    await sessionCookieFor(await sessionCookieFor(cookie, 'cus_other'), world.customerId),
    await newSessionCookieFor(await sign(tokenOf(world, { signedInAt })), world.customerId),
  ];
  for (const value of renewed) {
    expect(await readSession(value)).not.toBeNull();
    expect(await opened(value)).toMatchObject({ signedInAt, exp: signedInAt + sessionMaxAgeSeconds });
  }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
  for (const value of [cookie, ...renewed]) {
    expect(await readSession(value)).toBeNull();
    await expect(sessionCookieFor(value, world.customerId)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(newSessionCookieFor(value, world.customerId)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
});

test.each([
  ['does not say when the person signed in', { signedInAt: undefined }],
  ['has no name of its own to be ended by', { sessionId: undefined }],
])('a cookie that %s is nobody', async (_, missing) => {
  const world = await createWorld();
  expect(await readSession(await sign({ ...tokenOf(world), ...missing }))).toBeNull();
});

test('a session that was signed out stays over when the list of ended sessions has forgotten it', async () => {
  const world = await createWorld();
  const { sessionId, ...token } = tokenOf(world);
  const cookie = await sign({ ...token, sessionId });
  const copies = [cookie, await sessionCookieFor(cookie, world.customerId)];
  await endSessionOf(cookie);
  // What someone with a copy makes of it afterwards.
  copies.push(await sessionCookieFor(cookie, world.customerId));
  for (const copy of copies) expect(await readSession(copy)).toBeNull();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + sessionMaxAgeSeconds * 1000 + 1_000 });
  await endSession(newUuid(), new Date());
  expect(await db().select().from(endedSessions).where(eq(endedSessions.sessionId, sessionId))).toEqual([]);
  for (const copy of copies) expect(await readSession(copy)).toBeNull();
});

test('a forged, foreign or empty cookie is nobody', async () => {
  const world = await createWorld();
  const foreign = await sign(tokenOf(world), 'another secret that is long enough to be one');
  for (const cookie of [
    undefined,
    '',
    'nonsense',
    foreign,
    await sign(sessionToken({ userId: 'usr_nobody', email: 'nobody@example.com' })),
  ]) {
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
  const token = await opened(cookie);
  expect(token).toMatchObject({ userId: world.members.ADMIN.userId, customerId: 'cus_other', sessionVersion: 1 });
});

test('staff are the listed addresses; another domain or a like-named address is not', () => {
  const [listed] = env().STAFF_EMAILS;
  expect(isStaff({ email: listed as string, hostedDomain: null })).toBe(true);
  expect(isStaff({ email: `x${listed}`, hostedDomain: null })).toBe(false);
  expect(isStaff({ email: 'someone@example.com', hostedDomain: 'example.com' })).toBe(false);
});

test('what Google answers becomes a session of its own, in the browser’s organization, and is audited with the request', async () => {
  const world = await createWorld();
  const { userId, email } = world.members.ADMIN;
  const request = { requestId: newUuid(), ipPrefix: '198.51.100.0/24', userAgent: 'a browser' };
  const jwt = authOptions({ customerId: world.customerId, request }).callbacks?.jwt;
  const answer = { token: {}, account: {}, profile: { sub: 'subject', email, email_verified: true } };
  const [first, second] = [await jwt?.(answer as never), await jwt?.(answer as never)];
  expect(first).toMatchObject({ userId, email, customerId: world.customerId, signedInAt: expect.any(Number) });
  expect(second?.sessionId).not.toBe(first?.sessionId);
  expect((await readSession(await sign(first ?? {})))?.membership?.customerId).toBe(world.customerId);
  const rows = await db().select().from(auditLog).where(eq(auditLog.requestId, request.requestId));
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row).toMatchObject({ action: 'user.sign_in', actorId: userId, ...request });
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
