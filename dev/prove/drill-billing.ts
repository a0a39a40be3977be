/** Drill of billing: a burst of webhooks, forged ones, workers killed between store and apply, every order of a life three times. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bareInserts } from '@/dev/bench/bare-inserts';
import { percentile } from '@/dev/bench/load';
import { paced, type Signed } from '@/dev/bench/paced';
import {
  changeAtStripe,
  control,
  deliver,
  eventOf,
  type Subscriber,
  signed,
  subscriber,
} from '@/dev/prove/billing-cast';
import { permutedLives } from '@/dev/prove/billing-lives';
import { WorkerProcess } from '@/dev/prove/billing-worker';
import { type DemoProcess, demoFacts, frozen, servicesEnv } from '@/dev/prove/demo-process';
import { ask, count, until } from '@/dev/prove/drill-client';
import { check, say } from '@/dev/prove/report';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { closeDb } from '@/lib/platform/db';

const burstEvents = 5_000;
const warmUpEvents = 1_000;
const burstMs = 10_000;
const burstCustomers = 200;
const appliedLimitMs = 60_000;
const killPoints = 50;

export const waiting = () => count("SELECT count(*) FROM stripe_events WHERE status = 'waiting'");

/** Those of the subscribers whose plan here is another one than wanted. */
async function withoutPlan(subscribers: Subscriber[], wanted: (index: number) => PlanName): Promise<Subscriber[]> {
  const rows = await ask<{ customer_id: string; plan: string; profile: string; daily: number }>(
    `SELECT DISTINCT ON (s.customer_id) s.customer_id, s.plan_name AS plan, c.subscription_plan AS profile
     FROM subscriptions s JOIN customers c USING (customer_id) WHERE s.customer_id = ANY($1)
     ORDER BY s.customer_id, s.created_at DESC`,
    [subscribers.map(({ customerId }) => customerId)],
  );
  const found = new Map(rows.map(row => [row.customer_id, row]));
  return subscribers.filter(({ customerId }, index) => {
    const row = found.get(customerId);
    return row?.plan !== wanted(index) || row.profile !== wanted(index);
  });
}

/** 5,000 valid webhooks in 10 s at an even pace; each gets 200 at once and is applied within a minute. */
async function burst(portal: string): Promise<void> {
  const subscribers: Subscriber[] = [];
  for (let index = 0; index < burstCustomers; index++) subscribers.push(await subscriber('STARTER'));
  for (const subscribed of subscribers) await changeAtStripe(subscribed, 'PROFESSIONAL');
  const texts: Signed[] = [];
  for (let index = 0; index < warmUpEvents + burstEvents; index++) {
    const body = await eventOf(subscribers[index % burstCustomers] as Subscriber);
    texts.push({ body, signature: await signed(body) });
  }
  // As a portal that has been running for a while.
  await paced(`${portal}/api/webhooks/stripe`, texts.slice(0, warmUpEvents), 200);
  await until(appliedLimitMs, async () => (await waiting()) + (await count('SELECT count(*) FROM outbox')) === 0);
  const startedAt = performance.now();
  const answers = await paced(
    `${portal}/api/webhooks/stripe`,
    texts.slice(warmUpEvents),
    (burstEvents * 1_000) / burstMs,
  );
  const sentMs = performance.now() - startedAt;
  const appliedMs = await until(appliedLimitMs, async () => (await waiting()) === 0);
  const ids = texts.slice(warmUpEvents).map(({ body }) => (JSON.parse(body) as { id: string }).id);
  const stored = await count('SELECT count(*) FROM stripe_events WHERE event_id = ANY($1)', [ids]);
  const times = answers.map(({ ms }) => ms);
  const ok = answers.filter(({ status }) => status === 200).length;
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  say(
    `${ok} of ${burstEvents} answered 200 in ${(sentMs / 1000).toFixed(1)} s; p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; ${stored} stored, all applied ${(appliedMs / 1000).toFixed(1)} s after the last`,
  );
  check(ok === burstEvents && stored === burstEvents, 'every valid webhook is answered 200 and stored once');
  const floor = await bareInserts(
    servicesEnv().DATABASE_URL ?? '',
    texts.map(({ body }) => body).slice(0, burstEvents),
    burstMs,
  );
  say(
    `bare inserts of the same texts at the same pace: p50 ${floor.p50.toFixed(0)} ms, p99 ${floor.p99.toFixed(0)} ms`,
  );
  check(p99 < 100 || p99 < 2 * floor.p99, 'p99 to 200 is under 100 ms, or under twice that of bare inserts');
  check(appliedMs < appliedLimitMs, 'all are applied within 60 s');
  check((await withoutPlan(subscribers, () => 'PROFESSIONAL')).length === 0, 'every plan is the one at Stripe');
}

/** What Stripe did not send over these very bytes leaves no row. */
async function forged(portal: string): Promise<void> {
  const subscribed = await subscriber('STARTER');
  const body = await eventOf(subscribed);
  const signature = await signed(body);
  const other = signature.replace(/v1=(.)/, (_, first: string) => `v1=${first === '0' ? '1' : '0'}`);
  const cases: [string, BodyInit, string][] = [
    ['forged signature', body, other],
    ['no signature', body, ''],
    ['signed 301 s ago', body, await signed(body, 301)],
    ['truncated', body.slice(0, -1), signature],
    ['re-encoded', JSON.stringify(JSON.parse(body), null, 1), signature],
    ['a byte-order mark before it', `\ufeff${body}`, signature],
    ['signed, but no event', '{}', await signed('{}')],
    ['of live mode', body.replace('"livemode":false', '"livemode":true'), ''],
  ];
  const live = cases.at(-1);
  if (live) live[2] = await signed(String(live[1]));
  const before = await count('SELECT count(*) FROM stripe_events');
  for (const [sentence, text, header] of cases) {
    const { status } = await deliver(portal, text, header);
    check(status === 400, `${sentence}: ${status}`);
  }
  const after = await count('SELECT count(*) FROM stripe_events');
  check(after === before, 'none of them left a row');
}

/** The worker is killed at 50 moments after an event was answered; every plan follows all the same. */
async function killedBetween(portal: string): Promise<void> {
  const subscribers: Subscriber[] = [];
  for (let index = 0; index < killPoints; index++) subscribers.push(await subscriber('STARTER'));
  let undone = 0;
  for (const [index, subscribed] of subscribers.entries()) {
    const worker = await WorkerProcess.start();
    await changeAtStripe(subscribed, 'SCALE');
    const body = await eventOf(subscribed);
    const { status } = await deliver(portal, body, await signed(body));
    if (status !== 200) check(false, `event ${index} was answered ${status}`);
    // The loop looks every half second: moments from the store to well after the apply.
    await sleep(index * 14);
    await worker.kill();
    if ((await waiting()) > 0) undone++;
  }
  say(`${killPoints} workers killed; at ${undone} of the moments the event was stored and not yet applied`);
  const last = await WorkerProcess.start();
  const tookMs = await until(appliedLimitMs, async () => (await waiting()) === 0);
  await last.kill();
  check(undone > 5 && undone < killPoints, 'the moments lie on both sides of the apply');
  const lost = await withoutPlan(subscribers, () => 'SCALE');
  check(
    tookMs < appliedLimitMs && lost.length === 0,
    `none lost: ${killPoints - lost.length} of ${killPoints} on SCALE`,
  );
}

/** Runs all parts, or only those named (burst, forged, kills, lives), on a demo that is up. */
export async function billingDrill(demo: DemoProcess, only?: string): Promise<DemoProcess> {
  const wanted = (part: string) => only === undefined || only.split(',').includes(part);
  const { portal } = demoFacts();
  Object.assign(process.env, servicesEnv(), { LOG_LEVEL: 'error' });
  await control('deliveries', { mode: 'hold' });
  try {
    if (wanted('burst')) {
      console.log(`${burstEvents.toLocaleString('en')} valid webhooks in ${burstMs / 1000} s`);
      await burst(portal);
    }
    if (wanted('forged')) {
      console.log('What Stripe did not send');
      await forged(portal);
    }
    if (wanted('kills')) {
      console.log(`Workers killed at ${killPoints} moments between store and apply`);
      await frozen('worker', () => killedBetween(portal));
    }
    if (wanted('lives')) {
      console.log('Every order of a life of four events, each sent three times, across a restart of the worker');
      await frozen('worker', () => permutedLives(portal));
    }
  } finally {
    await closeDb();
  }
  return demo;
}
