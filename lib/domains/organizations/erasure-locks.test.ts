/** An erasure and what its people do at the same moment elsewhere: nobody who belongs somewhere loses their account. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { invited, memberById } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { eraseCustomer } from '@/lib/domains/organizations/erasure';
import { acceptInvitation, inviteeCtx } from '@/lib/domains/team/invitations/acceptance';
import { readPerson } from '@/lib/domains/team/membership';
import { recordSignIn } from '@/lib/domains/team/sign-in/sign-in';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const later = () => new Date(Date.now() + 31 * 86_400_000);
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** Whether the work is still waiting after a while in which it would long be done. */
async function waits(work: Promise<unknown>): Promise<boolean> {
  const over = work.then(
    () => false,
    () => false,
  );
  return Promise.race([over, pause(600).then(() => true)]);
}

/** An organization that is due, and an invitation of its viewer to another one. */
async function due() {
  const [ending, other] = [await createWorld(), await createWorld({ plan: 'SCALE' })];
  await requestDeletion(ending.system, { confirm: ending.customer.companyName });
  const person = ending.members.VIEWER;
  const invitation = await invited(other, 'ADMIN', person.email);
  const request = { requestId: newUuid(), ipPrefix: null, userAgent: 'vitest' };
  const place = { customerId: other.customerId, tenantDatasetId: other.tenantDatasetId } as never;
  const accept = () => acceptInvitation(inviteeCtx(person, place, request), { token: invitation.token });
  return { ending, other, person, memberId: invitation.memberId, accept };
}
const erase = (world: World) => eraseCustomer({ ...world.system, clock: later }, {});

test('who is being erased waits with an acceptance, and is then asked to sign in again', async () => {
  const { person, memberId, accept } = await due();
  let accepting: Promise<unknown> = Promise.resolve();
  await db().transaction(async tx => {
    // The state of an erasure that is not committed yet.
    await tx.delete(users).where(eq(users.userId, person.userId));
    accepting = accept();
    expect(await waits(accepting)).toBe(true);
  });
  await expect(accepting).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/^Sign in again/),
  });
  expect(await memberById(memberId)).toMatchObject({ status: 'INVITED', userId: null });
});

test('an erasure waits for an acceptance under way elsewhere, and keeps the person', async () => {
  const { ending, other, person, memberId } = await due();
  let erasing: Promise<unknown> = Promise.resolve();
  await db().transaction(async tx => {
    // The state of an acceptance that is not committed yet.
    await tx.select().from(users).where(eq(users.userId, person.userId)).for('update');
    await tx
      .update(teamMembers)
      .set({ status: 'ACTIVE', userId: person.userId, joinedAt: new Date() })
      .where(eq(teamMembers.memberId, memberId));
    erasing = erase(ending);
    expect(await waits(erasing)).toBe(true);
  });
  await erasing;
  expect((await readPerson(person.userId))?.memberships).toMatchObject([{ customerId: other.customerId }]);
  expect(await readPerson(ending.members.ADMIN.userId)).toBeNull();
});

test('an erasure waits for a sign-in under way, and the sign-in never for the erasure', async () => {
  const { ending, person } = await due();
  let erasing: Promise<unknown> = Promise.resolve();
  await db().transaction(async tx => {
    await tx.select().from(users).where(eq(users.userId, person.userId)).for('update');
    erasing = erase(ending);
    expect(await waits(erasing)).toBe(true);
    // Signing in goes on with the memberships; an erasure that held them by now would wait for us as we for it.
    await tx.update(teamMembers).set({ loginCount: 7 }).where(eq(teamMembers.userId, person.userId));
  });
  await erasing;
  expect(await readPerson(person.userId)).toBeNull();
});

/** Everything at once about one person; answers what is wrong with the outcome. */
async function collide(): Promise<string[]> {
  const { ending, other, person, accept } = await due();
  const signIns = Object.values(ending.members).map(({ email }) =>
    recordSignIn(systemCtx('sign-in'), { email, googleSub: null, fullName: null, avatarUrl: null }),
  );
  const [accepted, ...others] = await Promise.allSettled([accept(), erase(ending), ...signIns]);
  const failed = others.flatMap(answer => (answer.status === 'rejected' ? [String(answer.reason)] : []));
  const expected = accepted?.status === 'fulfilled' ? [other.customerId] : [];
  const found = ((await readPerson(person.userId))?.memberships ?? []).map(item => item.customerId);
  return found.join() === expected.join() ? failed : [...failed, `${found} is not ${expected}`];
}

test('acceptances, sign-ins and erasures at once all end well', async () => {
  expect((await Promise.all([collide(), collide(), collide()])).flat()).toEqual([]);
});
