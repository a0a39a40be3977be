import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { runInput } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { collectNoted } from '@/lib/domains/notifications/collect';
import { sendDue } from '@/lib/domains/notifications/sender';
import { slackChannel } from '@/lib/domains/notifications/slack';
import { notifications } from '@/lib/domains/notifications/tables';
import { createConfig, editConfig } from '@/lib/domains/providers/commands';
import { testSlack } from '@/lib/domains/providers/slack/test-slack';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { db } from '@/lib/platform/db';
import { createPinnedFetch } from '@/lib/platform/http/pinned-fetch';
import { randomText } from '@/lib/platform/ids';

const webhook = ['https://hooks.slack.com/services', 'T00000001', 'B00000001', 'c'.repeat(24)].join('/');
// Ten years ahead, so that no worker that shares the database sends what a test is about to send.
const at = new Date(Date.now() + 3_650 * 86_400_000);

/** A Slack of this test that answers as planned, the last plan over and over, and keeps what it got. */
async function slack(...plans: [status: number, body?: string][]) {
  const got: { path: string; text: string }[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    got.push({ path: request.url ?? '', text: JSON.parse(body).text });
    const [status, said = 'ok'] = plans[Math.min(got.length, plans.length) - 1] ?? [200];
    response.writeHead(status, { 'retry-after': '7' }).end(said);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const client = createPinnedFetch({ openOrigins: new Set([url]), resolve, port: 443, timeoutMs: 5_000 });
  return { got, channel: slackChannel(client, () => url) };
}

const messages = (world: World) =>
  db().select().from(notifications).where(eq(notifications.customerId, world.customerId));

async function configIn(world: World, more: object = {}): Promise<string> {
  const base = { name: 'Costs', provider: 'GCP', domain: 'COST', slack_webhook_url: webhook };
  return (await createConfig(world.system, { ...base, ...more })).result.config_id;
}

/** Ends a run of the config as failed and queues what is to be told. */
async function fail(world: World, config_id: string, error_message: string): Promise<void> {
  const { run } = await startRun(world.system, { ...runInput(), config_id });
  await completeRun(world.system, { status: 'FAILED', error_message }, run.pipelineLoggingId);
  await collectNoted({ customers: [world.customerId], clock: () => at });
}

const send = (world: World, channel: ReturnType<typeof slackChannel>, when = at) =>
  sendDue({ clock: () => when, random: () => 0, customers: [world.customerId], channels: { slack: channel } });

test('a failed run is told once: to the channel, without secrets, and to each address that is not told as a member', async () => {
  const world = await createWorld();
  const guest = `guest-${randomText(8)}@example.com`;
  const id = await configIn(world, { notification_emails: [guest, world.members.ADMIN.email] });
  await fail(world, id, 'password=hunter2 <!channel> broke');
  const { got, channel } = await slack([200]);
  await send(world, channel);
  await send(world, channel);
  expect(got).toHaveLength(1);
  expect(got[0]?.path).toBe(new URL(webhook).pathname);
  expect(got[0]?.text).toContain('/runs/');
  expect(got[0]?.text).not.toMatch(/hunter2|<!channel>/);
  const rows = await messages(world);
  expect(rows.filter(row => row.recipient === guest)).toMatchObject([{ event: 'config_run_failed', status: 'sent' }]);
  expect(rows.filter(row => row.recipient === world.members.ADMIN.email)).toMatchObject([{ event: 'run_failed' }]);
  expect(JSON.stringify(rows)).not.toContain(webhook);
});

test('a muted config tells nobody', async () => {
  const world = await createWorld();
  const id = await configIn(world, { notification_emails: ['guest@example.com'], notification_enabled: false });
  await fail(world, id, 'broke');
  expect((await messages(world)).filter(row => row.event === 'config_run_failed')).toEqual([]);
});

test.each<[string, [number, string?], object]>([
  ['an outage is tried again', [500], { status: 'queued', attempts: 1 }],
  ['asked to wait: no attempt is used up', [429], { status: 'queued', attempts: 0 }],
  ['a webhook that is gone is given up', [404, 'no_service'], { status: 'failed', lastError: /no_service/ }],
  ['an archived channel too', [410, 'channel_is_archived'], { status: 'failed', lastError: /channel_is_archived/ }],
])('%s', async (_name, plan, expected) => {
  const world = await createWorld();
  const id = await configIn(world);
  await testSlack({ ...world.system, clock: () => at }, { config_id: id });
  const { got, channel } = await slack(plan, [200]);
  await send(world, channel);
  const { lastError = /./, ...rest } = expected as { lastError?: RegExp };
  const [row] = await messages(world);
  expect(row).toMatchObject({ ...rest, lastError: expect.stringMatching(lastError) });
  await send(world, channel, new Date(at.getTime() + 3_600_000));
  const isRetried = row?.status === 'queued';
  expect(got).toHaveLength(isRetried ? 2 : 1);
  expect((await messages(world))[0]?.status).toBe(isRetried ? 'sent' : 'failed');
});

test('the webhook of another config is not used: its ciphertext does not open here', async () => {
  const world = await createWorld();
  const [first, second] = [await configIn(world), await configIn(world, { name: 'Other' })];
  const [other] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, second));
  const swapped = { sealedSlackWebhook: other?.sealedSlackWebhook };
  await db().update(providerConfigs).set(swapped).where(eq(providerConfigs.configId, first));
  await testSlack({ ...world.system, clock: () => at }, { config_id: first });
  const { got, channel } = await slack([200]);
  await send(world, channel);
  expect(got).toEqual([]);
  expect((await messages(world))[0]?.status).toBe('queued');
});

test('five test messages an hour are sent for a config, none where it has no webhook', async () => {
  const world = await createWorld();
  const id = await configIn(world);
  for (let sent = 0; sent < 5; sent++) await testSlack(world.as('COLLABORATOR'), { config_id: id });
  await expect(testSlack(world.as('OWNER'), { config_id: id })).rejects.toMatchObject({ code: 'rate_limited' });
  await editConfig(world.as('OWNER'), { config_id: id, slack_webhook_url: null });
  await expect(testSlack(world.as('OWNER'), { config_id: id })).rejects.toMatchObject({ code: 'conflict' });
});
