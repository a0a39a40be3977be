/** A body made to be slow is refused before it costs much, by a small answer, on the data plane and by the portal’s handlers alike. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { POST as createKey } from '@/app/api/keys/route';
import { PATCH as updateOrganization } from '@/app/api/organizations/route';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { env } from '@/lib/platform/env';

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world)).text;
});

const many = (count: number, value: unknown = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
const run = { pipeline_id: 'p', trigger_type: 'api', trigger_by: 't' };

const event = {
  eventTime: '2026-11-27T02:10:15Z',
  eventType: 'START',
  run: { runId: '00000000-0000-4000-8000-000000000000' },
  job: { namespace: 'a', name: 'b' },
};
const wrongEvent = { ...event, inputs: Array(500).fill({}) };

const bodies: [what: string, path: string, body: unknown, isParsed: boolean][] = [
  ['95,000 unknown fields', '/v1/runs', many(95_000), false],
  ['1,000 unknown fields', '/v1/runs', { ...run, ...many(1_000) }, true],
  ['1,001 unknown fields', '/v1/runs', { ...run, ...many(1_001) }, true],
  ['50,000 names in parameters', '/v1/runs', { ...run, parameters: many(50_000) }, false],
  ['9,000 names in parameters', '/v1/runs', { ...run, parameters: many(9_000, 'x'.repeat(30)) }, true],
  ['10,000 steps', '/v1/runs/00000000-0000-4000-8000-000000000000/steps', { steps: Array(10_000).fill({}) }, true],
  ['300,000 empty lists', '/v1/runs', Array(300_000).fill([]), false],
  ['60,000 facets', '/api/v1/lineage', { ...event, run: { ...event.run, facets: many(60_000) } }, false],
  ['300,000 empty datasets', '/api/v1/lineage', { ...event, inputs: Array(300_000).fill({}) }, true],
  ['300,000 lists for datasets', '/api/v1/lineage', { ...event, outputs: Array(300_000).fill([]) }, true],
  ['900 events of 500 wrong datasets', '/api/v1/lineage/batch', Array(900).fill(wrongEvent), true],
  ['700,000 empty lists', '/api/v1/lineage/batch', Array(700_000).fill([]), false],
];

const headers = () => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

/** Small, and about at most 20 fields. */
async function expectSmallRefusal(response: Response): Promise<void> {
  const text = await response.text();
  expect(response.status, text.slice(0, 300)).toBe(400);
  const problem = JSON.parse(text) as { code: string; errors: unknown[] };
  expect(problem.code).toBe('invalid_input');
  expect(problem.errors.length).toBeLessThanOrEqual(20);
  expect(text.length).toBeLessThan(4_000);
}

describe.each(transports)('$name', ({ open }) => {
  test.each(bodies)('%s', async (_what, path, body, isParsed) => {
    const { send, close } = await open();
    const text = JSON.stringify(body);
    const parse = vi.spyOn(JSON, 'parse');
    try {
      await expectSmallRefusal(
        await send(`http://data-plane${path}`, { method: 'POST', headers: headers(), body: text }),
      );
      // JSON.parse alone holds the process for a quarter of a second over the worst of them.
      expect(parse.mock.calls.some(([parsed]) => parsed === text)).toBe(isParsed);
    } finally {
      parse.mockRestore();
      await close();
    }
  });
});

test('a viewer’s session is refused before such a body is read, and an owner’s by a small answer', async () => {
  const ask = async (role: 'VIEWER' | 'OWNER') => {
    const token = sessionToken(world.members[role], { customerId: world.customerId });
    const cookie = `${sessionCookieName()}=${await sealedToken(token)}`;
    const origin = new URL(env().PORTAL_URL).origin;
    const request = new Request(`${env().PORTAL_URL}/api/organizations`, {
      method: 'PATCH',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: JSON.stringify(many(95_000)),
    });
    return { request, response: await updateOrganization(request, { params: Promise.resolve({}) }) };
  };
  const viewer = await ask('VIEWER');
  expect([viewer.response.status, viewer.request.bodyUsed]).toEqual([403, false]);
  await expectSmallRefusal((await ask('OWNER')).response);
});

test('a key on the portal’s handlers is answered alike', async () => {
  const request = new Request('http://127.0.0.1/api/keys', {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify(many(95_000)),
  });
  await expectSmallRefusal(await createKey(request, { params: Promise.resolve({}) }));
});
