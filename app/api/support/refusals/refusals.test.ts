import { beforeAll, expect, test } from 'vitest';
import { GET } from '@/app/api/support/refusals/route';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World, type WorldMember } from '@/dev/testing/world';
import { strangerCtx } from '@/lib/edge/http/authenticate';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { recordDenial } from '@/lib/kernel/audit/audit';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';

let world: World;
const requestId = `refused-${randomText(8)}`;

async function cookieOf({ userId, email }: WorldMember, hostedDomain: string | null): Promise<string> {
  const token = sessionToken({ userId, email }, { hostedDomain, customerId: world.customerId });
  return `${sessionCookieName()}=${await sealedToken(token)}`;
}
const get = (query: string, cookie?: string) =>
  GET(new Request(`${env().PORTAL_URL}/api/support/refusals${query}`, { headers: cookie ? { cookie } : {} }));
const staffCookie = () => cookieOf(world.members.ADMIN, env().STAFF_DOMAIN ?? null);

beforeAll(async () => {
  process.env.STAFF_DOMAIN = 'staff.example';
  world = await createWorld();
  const stranger = strangerCtx({ requestId, ipPrefix: '198.51.100.0/24', userAgent: 'curl/8.5.0' });
  await recordDenial({ ...stranger, actor: { type: 'person', id: requestId, email: 'x@example.com' } }, 'support.open');
});

test('staff get the refusals of some days as a file', async () => {
  const answer = await get('?days=1&actor=person', await staffCookie());
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="refusals-1-days.csv"');
  expect(await answer.text()).toContain(`,person,${requestId},,support.open,1,198.51.100.0/24,curl/8.5.0,${requestId}`);
});

test('to a member, to nobody and to a forged cookie it does not exist', async () => {
  for (const cookie of [await cookieOf(world.members.OWNER, null), undefined, `${sessionCookieName()}=forged`]) {
    const answer = await get('', cookie);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(requestId);
  }
});

test.each(['?days=0', '?days=401', '?actor=user', '?actor=nobody', '?after=x', '?customer=x'])(
  'wrong input %s is 400 with its field',
  async query => {
    const answer = await get(query, await staffCookie());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid_input' });
  },
);
