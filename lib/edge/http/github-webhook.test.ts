/** GitHub's webhooks, on both planes: what the repository's own secret signed has it read, once a delivery, in any order. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign } from '@octokit/webhooks-methods';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POST } from '@/app/api/webhooks/github/[id]/route';
import { secretOf, storedCredential } from '@/dev/testing/credentials/secrets';
import { deliver } from '@/dev/testing/pull-requests/github-double';
import { createWorld } from '@/dev/testing/world';
import { disconnectRepository } from '@/lib/domains/pull-requests/repositories/commands';
import { connectRepository, renewWebhookSecret } from '@/lib/domains/pull-requests/repositories/connect';
import { forgetDeliveries } from '@/lib/domains/pull-requests/repositories/deliveries';
import { githubDeliveries, repositories } from '@/lib/domains/pull-requests/tables';
import { besideOf } from '@/lib/edge/v1/node-server';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const plane = createServer((incoming, outgoing) => besideOf(incoming.url ?? '')?.(incoming, outgoing));
beforeAll(() => new Promise<void>(resolve => void plane.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  plane.closeAllConnections();
  plane.close();
});
const origin = () => `http://127.0.0.1:${(plane.address() as AddressInfo).port}`;

type Take = (url: string, init: RequestInit) => Promise<Response>;
/** Both servers that take webhooks; what holds for one holds for the other. */
const planes: Record<string, Take> = {
  'the portal': (url, init) => POST(new Request(url, init)),
  'the data plane': (url, init) => fetch(url, init),
};

async function hooked() {
  const world = await createWorld();
  const { id } = await storedCredential(world, { secret: secretOf.github_token() });
  const { result } = await connectRepository(world.system, { repo: 'acme/shop', credential_id: id });
  const { repository_id } = result.repository;
  await settle(repository_id);
  return { world, id: repository_id, secret: result.secret.reveal() };
}

const settle = (id: string, columns: Partial<typeof repositories.$inferInsert> = {}) =>
  db()
    .update(repositories)
    .set({ state: 'SYNCED', nextSyncAt: new Date(Date.now() + 900_000), ...columns })
    .where(eq(repositories.repositoryId, id));
const stored = async (id: string) =>
  (await db().select().from(repositories).where(eq(repositories.repositoryId, id)))[0]!;
const isDue = async (id: string) => (await stored(id)).nextSyncAt.getTime() <= Date.now();
const deliveries = (id: string) => db().select().from(githubDeliveries).where(eq(githubDeliveries.repositoryId, id));

describe.each(Object.entries(planes))('%s', (_, take) => {
  type Sent = { body?: string | Buffer; secret: string; delivery?: string; event?: string; signature?: string | null };
  const send = async (id: string, { body = '{"action":"opened"}', secret, delivery, event, signature }: Sent) => {
    const signed = signature === undefined ? await sign(secret, String(body)) : signature;
    return take(`${origin()}/api/webhooks/github/${id}`, {
      method: 'POST',
      body: Buffer.from(body),
      headers: {
        'content-type': 'application/json',
        'x-github-delivery': delivery ?? newUuid(),
        'x-github-event': event ?? 'pull_request',
        ...(signed !== null && { 'x-hub-signature-256': signed }),
      },
    });
  };

  test('a delivery has the repository read at once; replayed it changes nothing, and order does not matter', async () => {
    const { id, secret } = await hooked();
    const [first, second] = [newUuid(), newUuid()];
    const answer = await send(id, { secret, delivery: second, body: '{"action":"closed"}' });
    expect([answer.status, await answer.json()]).toEqual([202, { received: true, repeated: false }]);
    expect(await isDue(id)).toBe(true);
    await settle(id);
    const replayed = await Promise.all([1, 2, 3].map(() => send(id, { secret, delivery: second })));
    expect(await Promise.all(replayed.map(each => each.json()))).toEqual(
      Array(3).fill({ received: true, repeated: true }),
    );
    expect(await isDue(id)).toBe(false);
    expect((await send(id, { secret, delivery: first })).status).toBe(202);
    expect(await isDue(id)).toBe(true);
    expect((await deliveries(id)).map(({ deliveryId }) => deliveryId).sort()).toEqual([first, second].sort());
  });

  test('forged, unsigned and changed bodies, another repository’s secret and unknown ids are refused alike', async () => {
    const [mine, other] = await Promise.all([hooked(), hooked()]);
    const { secret } = mine;
    const refused = await Promise.all([
      send(mine.id, { secret: other.secret }),
      send(mine.id, { secret, signature: await sign(secret, '{"action":"closed"}') }),
      send(mine.id, { secret, signature: null }),
      send(mine.id, { secret, signature: `sha256=${'0'.repeat(64)}` }),
      send(mine.id, { secret, signature: `sha1=${'0'.repeat(40)}` }),
      send('repo_unknown', { secret }),
      send(mine.id, { secret, delivery: 'not a delivery' }),
    ]);
    const answers = await Promise.all(refused.map(async each => [each.status, (await each.json()).detail]));
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.[0]).toBe(400);
    expect((await send(mine.id, { secret, body: Buffer.from([0x22, 0xff, 0x22]) })).status).toBe(400);
    expect((await send(mine.id, { secret, body: 'no JSON' })).status).toBe(400);
    expect([await isDue(mine.id), await deliveries(mine.id)]).toEqual([false, []]);
  });

  test('a ping and a large push are taken; what is larger is refused, which the next look makes good', async () => {
    const { id, secret } = await hooked();
    expect((await send(id, { secret, event: 'ping', body: '{"zen":"Keep it simple."}' })).status).toBe(202);
    expect(await isDue(id)).toBe(false);
    expect((await stored(id)).lastDeliveryAt).not.toBeNull();
    const pushed = JSON.stringify({ commits: 'x'.repeat(2_000_000) });
    expect((await send(id, { secret, event: 'push', body: pushed })).status).toBe(202);
    expect(await isDue(id)).toBe(true);
    const huge = `"${'x'.repeat(6_000_000)}"`;
    expect((await send(id, { secret, event: 'push', body: huge, signature: `sha256=${'0'.repeat(64)}` })).status).toBe(
      413,
    );
  });

  test('a new secret ends the old one at once, and a disconnected repository takes nothing', async () => {
    const { world, id, secret } = await hooked();
    expect((await send(id, { secret })).status).toBe(202);
    const { result } = await renewWebhookSecret(world.system, { repository_id: id });
    expect((await send(id, { secret })).status).toBe(400);
    const renewed = result.secret.reveal();
    expect((await send(id, { secret: renewed })).status).toBe(202);
    await disconnectRepository(world.system, { repository_id: id });
    expect((await send(id, { secret: renewed })).status).toBe(400);
  });

  test('a repository that waits for GitHub or fails is not read sooner, and looks are ten seconds apart', async () => {
    const { id, secret } = await hooked();
    for (const state of ['PAUSED', 'FAILED'] as const) {
      await settle(id, { state });
      await send(id, { secret });
      expect(await isDue(id)).toBe(false);
    }
    const read = new Date();
    await settle(id, { lastSyncedAt: read });
    await send(id, { secret });
    expect((await stored(id)).nextSyncAt.getTime() - read.getTime()).toBe(10_000);
  });

  test('what comes while the repository is read asks for another look, whatever the reading began with', async () => {
    const { id, secret } = await hooked();
    const [dueAt, leasedUntil] = [new Date(Date.now() - 5_000), new Date(Date.now() + 60_000)];
    await settle(id, { nextSyncAt: dueAt, leasedUntil });
    await send(id, { secret });
    expect((await stored(id)).nextSyncAt.getTime()).toBeGreaterThan(dueAt.getTime());
    expect(await isDue(id)).toBe(true);
  });
});

test('GitHub’s own way of signing is taken, in JSON and as a form', async () => {
  const { id, secret } = await hooked();
  const url = `${origin()}/api/webhooks/github/${id}`;
  for (const form of [false, true])
    expect(await deliver({ url, secret, form, payload: { action: 'synchronize' } })).toMatchObject({ status: 202 });
  expect((await deliveries(id)).map(({ action, event }) => [action, event])).toEqual(
    Array(2).fill(['synchronize', 'pull_request']),
  );
});

test('deliveries are forgotten after 30 days', async () => {
  const { world, id } = await hooked();
  const row = { repositoryId: id, customerId: world.customerId, event: 'push' };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  await db()
    .insert(githubDeliveries)
    .values([
      { ...row, deliveryId: 'old', receivedAt: daysAgo(31) },
      { ...row, deliveryId: 'young', receivedAt: daysAgo(29) },
    ]);
  expect(await forgetDeliveries(new Date())).toBeGreaterThanOrEqual(1);
  expect((await deliveries(id)).map(({ deliveryId }) => deliveryId)).toEqual(['young']);
});
