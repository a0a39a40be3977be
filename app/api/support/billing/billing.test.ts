import { beforeAll, expect, test } from 'vitest';
import { GET } from '@/app/api/support/billing/route';
import { denialsOf } from '@/dev/testing/denials';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World, type WorldMember } from '@/dev/testing/world';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { utcDay } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

let world: World;
const month = utcDay(new Date()).slice(0, 7);

/** The cookie of a person; `hostedDomain` as Google vouches for it. */
async function cookieOf({ userId, email }: WorldMember, hostedDomain: string | null): Promise<string> {
  const token = sessionToken({ userId, email }, { hostedDomain, customerId: world.customerId });
  return `${sessionCookieName()}=${await sealedToken(token)}`;
}
const get = (query: string, cookie?: string) =>
  GET(new Request(`${env().PORTAL_URL}/api/support/billing${query}`, { headers: cookie ? { cookie } : {} }));
const staffCookie = () => cookieOf(world.members.ADMIN, env().STAFF_DOMAIN ?? null);

beforeAll(async () => {
  process.env.STAFF_DOMAIN = 'staff.example';
  world = await createWorld();
  await flushOnce(relayDeps(), { customers: [world.customerId] });
});

test('staff get the customers or the changes of the month as a file', async () => {
  const customers = await get(`?month=${month}`, await staffCookie());
  expect(customers.status).toBe(200);
  expect(customers.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(customers.headers.get('content-disposition')).toBe(`attachment; filename="billing-${month}-customers.csv"`);
  expect(customers.headers.get('cache-control')).toBe('no-store');
  expect(await customers.text()).toContain(
    `\r\n${month},${world.customerId},${world.customer.companyName},STARTER,TRIAL,`,
  );
  const changes = await get(`?month=${month}&of=changes`, await staffCookie());
  expect(await changes.text()).toContain(`,${world.customerId},${world.customer.companyName},,STARTER,,TRIAL,sign_up,`);
});

test('to a member, to nobody and to a forged cookie it does not exist', async () => {
  for (const cookie of [await cookieOf(world.members.OWNER, null), undefined, `${sessionCookieName()}=forged`]) {
    const answer = await get(`?month=${month}`, cookie);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(world.customerId);
  }
});

test('a member who asks for it is on record in their organization’s log', async () => {
  const { userId } = world.members.VIEWER;
  await get(`?month=${month}`, await cookieOf(world.members.VIEWER, null));
  expect(await denialsOf(userId)).toMatchObject([
    { action: 'subscription.download_report', customerId: world.customerId, actorType: 'user', occurrences: 1 },
  ]);
});

test.each(['', '?month=2026-13', '?month=2099-01', `?month=${month}&of=secrets`, `?month=${month}&customer=x`])(
  'wrong input %s is 400 with its field',
  async query => {
    const answer = await get(query, await staffCookie());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid_input' });
  },
);
