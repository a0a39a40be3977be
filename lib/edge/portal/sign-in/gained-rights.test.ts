/** Joining or opening an organization gives the browser a new session; a copy of the old cookie gains nothing. */
import { and, eq } from 'drizzle-orm';
import { beforeEach, expect, test, vi } from 'vitest';
import { POST as switchOrganization } from '@/app/api/session/switch/route';
import { acceptAction } from '@/app/invitations/actions';
import { planAction } from '@/app/onboarding/actions';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { invited } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { teamMembers } from '@/lib/domains/team/tables';
import { idle } from '@/lib/edge/portal/form-state';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { readSession } from '@/lib/edge/portal/sign-in/session';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

const jar = vi.hoisted(() => ({ values: new Map<string, string>() }));
// Outside Next there is no request to read cookies of; the actions' own code stays as it is.
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (jar.values.has(name) ? { name, value: jar.values.get(name) } : undefined),
    has: (name: string) => jar.values.has(name),
    set: (name: string, value: string) => jar.values.set(name, value),
    delete: (name: string) => jar.values.delete(name),
  }),
  headers: async () => new Headers({ origin: new URL(env().PORTAL_URL).origin }),
}));
vi.mock('next/server', async original => ({
  ...(await original<typeof import('next/server')>()),
  connection: async () => undefined,
}));

const cookieNow = () => jar.values.get(sessionCookieName()) ?? '';

async function signIn(world: World): Promise<string> {
  const cookie = await sealedToken(sessionToken(world.members.VIEWER, { customerId: world.customerId }));
  jar.values.set(sessionCookieName(), cookie);
  return cookie;
}

/** Sends a form; what it did ends in a redirect, which Next reads from what is thrown. */
async function submit(action: typeof acceptAction, values: Record<string, string>): Promise<void> {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  const answer = await action(idle, data).catch((error: unknown) => error);
  expect(answer).toMatchObject({ digest: expect.stringContaining('NEXT_REDIRECT') });
}

beforeEach(() => jar.values.clear());

test('who joins by an invitation goes on in a new session, and a copy of the old cookie is nobody', async () => {
  const [home, other] = [await createWorld(), await createWorld({ plan: 'SCALE' })];
  const copy = await signIn(home);
  const { token } = await invited(other, 'ADMIN', home.members.VIEWER.email);
  const signedInAt = (await readSession(copy))?.signedInAt;
  await submit(acceptAction, { token });
  expect(await readSession(copy)).toBeNull();
  const session = await readSession(cookieNow());
  expect(session?.membership).toMatchObject({ customerId: other.customerId, role: 'ADMIN' });
  expect(session?.signedInAt).toEqual(signedInAt);
});

test('who opens an organization goes on in a new session as its owner, and a copy of the old cookie is nobody', async () => {
  const home = await createWorld();
  const copy = await signIn(home);
  await submit(planAction, { company_name: 'Opened Anew', plan: 'STARTER' });
  expect(await readSession(copy)).toBeNull();
  expect((await readSession(cookieNow()))?.membership).toMatchObject({ companyName: 'Opened Anew', role: 'OWNER' });
}, 60_000);

test('a switch between organizations one is in keeps the session', async () => {
  const [home, other] = [await createWorld(), await createWorld()];
  const { userId, email } = home.members.VIEWER;
  await db()
    .update(teamMembers)
    .set({ userId, email })
    .where(and(eq(teamMembers.customerId, other.customerId), eq(teamMembers.role, 'COLLABORATOR')));
  const before = await signIn(home);
  const request = new Request(`${env().PORTAL_URL}/api/session/switch`, {
    method: 'POST',
    headers: { origin: new URL(env().PORTAL_URL).origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ customer_id: other.customerId }).toString(),
  });
  const answer = await switchOrganization(request);
  const moved = /session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
  expect((await readSession(moved))?.membership?.customerId).toBe(other.customerId);
  expect((await readSession(before))?.membership?.customerId).toBe(home.customerId);
});
