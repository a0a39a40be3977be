/** A worker that dies of SIGKILL between the storing of an event and the commit of what it says loses and repeats nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import {
  auditOf,
  changesOf,
  createPayer,
  messagesOf,
  type Payer,
  stateOf,
  subscribe,
  withBilling,
} from '@/dev/testing/stripe-life';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import { stripeEvents } from '@/lib/domains/subscriptions/tables';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const daySeconds = 86_400;

function start(file: string, env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

async function until(what: string, check: () => Promise<boolean>, limitMs = 40_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await check()); await sleep(50))
    if (Date.now() > end) throw new Error(`${what} did not happen within ${limitMs} ms`);
}

/** Everything Stripe has told of these customers. */
async function tell(payers: Payer[]): Promise<string[]> {
  const ids = new Set(payers.map(payer => payer.stripeCustomerId));
  const events = [];
  for await (const event of billing.client.events.list({ limit: 100 })) {
    const { customer } = event.data.object as { customer?: string };
    if (customer && ids.has(customer)) events.push(stripeEventSchema.parse(event));
  }
  return storeEvents(events);
}

const statusesOf = async (eventIds: string[]) =>
  (
    await db().select({ status: stripeEvents.status }).from(stripeEvents).where(inArray(stripeEvents.eventId, eventIds))
  ).map(row => row.status);

const allDone = async (eventIds: string[]) => (await statusesOf(eventIds)).every(status => status !== 'waiting');

test('a worker killed while it asks Stripe leaves the event waiting, and the next worker does it once', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'SCALE');
  await billing.control('fail', { path: `/v1/subscriptions/${id}`, method: 'GET', times: 1, status: 'hang' });
  const first = start('lib/edge/worker/main.ts', { PORT: String(await freePort()) });
  const told = await tell([payer]);
  // The planned call is used up once the worker has made it: it now waits for an answer inside its transaction.
  await until('the call of Stripe', async () => {
    const { rows } = await db().execute(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%pg_advisory_xact_lock%' AND application_name = 'tenantry-${first.pid}'`,
    );
    return rows.length > 0;
  });
  await kill(first);
  expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', status: 'TRIAL' });
  const [waiting] = await db()
    .select()
    .from(stripeEvents)
    .where(and(eq(stripeEvents.stripeSubscriptionId, id), eq(stripeEvents.type, 'customer.subscription.created')));
  expect(waiting).toMatchObject({ status: 'waiting', attempts: 0 });
  await billing.control('fail', { path: `/v1/subscriptions/${id}`, method: 'GET', times: 0 });
  start('lib/edge/worker/main.ts', { PORT: String(await freePort()) });
  await until('the work of the next worker', () => allDone(told));
  expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', profile: 'ACTIVE' });
  expect(await auditOf(payer, 'subscription.apply')).toHaveLength(1);
  expect((await changesOf(payer)).map(change => change.toStatus)).toEqual(['TRIAL', 'ACTIVE']);
}, 120_000);

test('killed at four moments of the work, every customer ends as one who was never disturbed', async () => {
  const payers: Payer[] = [];
  for (let at = 0; at < 12; at++) {
    const payer = await createPayer(billing);
    await subscribe(billing, payer, 'PROFESSIONAL');
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
    await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 31 * daySeconds + 7_200 });
    payers.push(payer);
  }
  const told: string[] = [];
  for (let round = 0; round < 4; round++) {
    const child = start('dev/testing/killed-processor.ts');
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    told.push(...(await tell(payers.slice(0, (round + 1) * 3))));
    await sleep(10 + round * 40);
    await kill(child);
  }
  const last = start('dev/testing/killed-processor.ts');
  await until('the rest of the work', () => allDone(told));
  await kill(last);
  expect(new Set(await statusesOf(told))).toEqual(new Set(['done', 'ignored']));
  for (const payer of payers) {
    expect(await stateOf(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'PAST_DUE', profile: 'ACTIVE' });
    const statuses = (await changesOf(payer)).map(change => change.toStatus);
    expect(statuses).toEqual(['TRIAL', 'PAST_DUE']);
    expect(await auditOf(payer, 'subscription.apply')).toHaveLength(1);
    const mails = await messagesOf(payer, 'payment_failed');
    expect(new Set(mails.map(mail => `${mail.subject} ${mail.recipient}`)).size).toBe(mails.length);
    expect(mails.length).toBeGreaterThan(0);
  }
}, 240_000);
