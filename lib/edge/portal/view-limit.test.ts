/** Browsers have a limit of requests, by session and by customer; a key's calls of the portal count like those of the data plane. */
import { NextRequest } from 'next/server';
import { beforeEach, expect, test } from 'vitest';
import { GET as readKeys } from '@/app/api/keys/[id]/route';
import { GET as readSubscription } from '@/app/api/subscriptions/route';
import { customerKey } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { overBrowserLimit } from '@/lib/edge/http/limits';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { tooManyViews } from '@/lib/edge/portal/view-limit';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

/** The cookie of a new browser of the owner, and its session's id. */
async function browser() {
  const token = sessionToken(world.members.OWNER, { customerId: world.customerId });
  return { sessionId: token.sessionId, cookie: `${sessionCookieName()}=${await sealedToken(token)}` };
}
const ofKey = (text: string) => ({ authorization: `Bearer ${text}` });
const ask = (headers: Record<string, string>, id = newUuid()) =>
  readKeys(new Request(`${env().PORTAL_URL}/api/keys/${id}`, { headers }), { params: Promise.resolve({ id }) });

/** Makes the requests of one browser that are left to it in this window. */
async function useUp(sessionId: string): Promise<void> {
  while (!(await overBrowserLimit(sessionId, null)));
}

test('a browser over its limit is 429 with Retry-After on JSON routes, and another browser of the person is not', async () => {
  const [one, other] = [await browser(), await browser()];
  expect((await ask({ cookie: one.cookie })).status).toBe(404);
  await useUp(one.sessionId);
  const refused = await ask({ cookie: one.cookie });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'rate_limited']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask({ cookie: other.cookie })).status).toBe(404);
});

test('its pages are answered by a sentence; strangers and JSON routes are not counted there', async () => {
  const { cookie, sessionId } = await browser();
  const view = (path: string, headers: Record<string, string>, method = 'GET') =>
    tooManyViews(new NextRequest(`${env().PORTAL_URL}${path}`, { headers, method }));
  expect(await view('/keys', { cookie })).toBeNull();
  await useUp(sessionId);
  const refused = await view('/keys', { cookie });
  expect([refused?.status, refused?.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused?.text()).toMatch(
    /This browser has sent more requests than we take at once\. Try again in \d+ s\./,
  );
  expect(await view('/keys', {})).toBeNull();
  expect(await view('/keys', { cookie: `${sessionCookieName()}=forged` })).toBeNull();
  expect(await view('/api/keys', { cookie })).toBeNull();
  expect(await view('/keys', { cookie }, 'POST')).toBeNull();
});

test('all browsers and keys of a customer share one limit, whose refusal names the organization', async () => {
  const key = await customerKey(world);
  const { cookie } = await browser();
  for (let taken = 0; taken < 3_000; taken++) await overBrowserLimit(newUuid(), world.customerId);
  for (const headers of [{ cookie }, ofKey(key.text)]) {
    const refused = await ask(headers);
    expect(refused.status).toBe(429);
    expect(((await refused.json()) as { detail: string }).detail).toMatch(/^Your organization has sent more/);
  }
  world = await createWorld();
  expect((await ask({ cookie: (await browser()).cookie })).status).toBe(404);
});

test('a key’s calls of /api are API calls of the month and refused when those are used, those of billing apart', async () => {
  const key = await customerKey(world);
  await applyLimits(db(), world.customerId, { apiCallsMonthLimit: 2 });
  expect((await ask(ofKey(key.text))).status).toBe(404);
  expect((await ask(ofKey(key.text))).status).toBe(404);
  await flushUsage();
  expect((await readQuota(world.system)).apiCallsMonth).toBe(2);
  const refused = await ask(ofKey(key.text));
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'usage_exceeded']);
  const billing = new Request(`${env().PORTAL_URL}/api/subscriptions`, { headers: ofKey(key.text) });
  expect((await readSubscription(billing, { params: Promise.resolve({}) })).status).toBe(200);
  expect((await ask({ cookie: (await browser()).cookie })).status).toBe(404);
});
