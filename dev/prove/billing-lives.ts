/** Every order of a subscription's four events, each sent three times, half before and half after the worker is killed. */

import {
  changeAtStripe,
  control,
  deliver,
  eventText,
  type Subscriber,
  signed,
  subscriber,
} from '@/dev/prove/billing-cast';
import { WorkerProcess } from '@/dev/prove/billing-worker';
import { ask, count, until } from '@/dev/prove/drill-client';
import { check, say } from '@/dev/prove/report';
import { stripe } from '@/lib/platform/stripe';

const copies = 3;
const limitMs = 60_000;

function orders<Item>(items: Item[]): Item[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map(rest => [item, ...rest]));
}

const shuffled = <Item>(items: Item[]): Item[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

type Life = { subscribed: Subscriber; events: string[] };

/** Created, changed to SCALE, a renewal that was not paid, ended: as Stripe tells it, and as it is there at the end. */
async function life(): Promise<Life> {
  const subscribed = await subscriber('STARTER');
  const { subscriptionId, stripeCustomerId } = subscribed;
  const seen = () => stripe().subscriptions.retrieve(subscriptionId);
  const events = [eventText('customer.subscription.created', await seen())];
  await changeAtStripe(subscribed, 'SCALE');
  events.push(eventText('customer.subscription.updated', await seen()));
  await control('card', { customer: stripeCustomerId, behaviour: 'declined' });
  await control('clock', { customer: stripeCustomerId, seconds: 32 * 86_400 });
  const { data } = await stripe().invoices.list({ customer: stripeCustomerId, status: 'open', limit: 1 });
  const [invoice] = data;
  if (!invoice) throw new Error('the renewal was paid');
  events.push(eventText('invoice.payment_failed', invoice));
  await stripe().subscriptions.cancel(subscriptionId);
  events.push(eventText('customer.subscription.deleted', await seen()));
  return { subscribed, events };
}

async function send(portal: string, { events }: Life, order: number[]): Promise<void> {
  for (const at of order) {
    const body = events[at] as string;
    const { status } = await deliver(portal, body, await signed(body));
    if (status !== 200) check(false, `an event was answered ${status}`);
  }
}

type Final = { status: string; plan: string; profile: string; rows: number; changes: number; mails: number };

async function finals(lives: Life[]): Promise<Final[]> {
  return ask<Final>(
    `SELECT s.status, s.plan_name AS plan, c.status AS profile,
       (SELECT count(*)::int FROM subscriptions a WHERE a.customer_id = c.customer_id) AS rows,
       (SELECT count(*)::int FROM subscription_changes h WHERE h.customer_id = c.customer_id AND h.to_status = 'CANCELLED') AS changes,
       (SELECT count(*)::int FROM notifications n WHERE n.customer_id = c.customer_id AND n.event = 'payment_failed') AS mails
     FROM customers c JOIN subscriptions s USING (customer_id) WHERE c.customer_id = ANY($1)`,
    [lives.map(({ subscribed }) => subscribed.customerId)],
  );
}

/** All 24 orders, each by a customer of its own. */
export async function permutedLives(portal: string): Promise<void> {
  const lives: Life[] = [];
  const wanted = orders([0, 1, 2, 3]);
  for (const _ of wanted) lives.push(await life());
  const plansOfSending = wanted.map(order => {
    const repeats = shuffled(order.flatMap(at => Array<number>(copies - 1).fill(at)));
    return { first: order, rest: repeats };
  });
  let worker = await WorkerProcess.start();
  // The order itself across the kill, then the repeats in any order.
  for (const [index, one] of lives.entries()) await send(portal, one, plansOfSending[index]?.first.slice(0, 2) ?? []);
  await worker.kill();
  for (const [index, one] of lives.entries()) await send(portal, one, plansOfSending[index]?.first.slice(2) ?? []);
  worker = await WorkerProcess.start();
  for (const [index, one] of lives.entries()) await send(portal, one, plansOfSending[index]?.rest ?? []);
  const tookMs = await until(limitMs, async () => {
    return (await count("SELECT count(*) FROM stripe_events WHERE status = 'waiting'")) === 0;
  });
  await worker.kill();
  const rows = await finals(lives);
  const kinds = new Set(rows.map(row => JSON.stringify(row)));
  say(`${wanted.length} orders × ${copies} of each event; final states: ${[...kinds].join(' ')}`);
  check(tookMs < limitMs, 'all are applied');
  check(
    kinds.size === 1 && rows.every(row => row.status === 'CANCELLED' && row.plan === 'SCALE' && row.rows === 1),
    'one final state, whatever the order',
  );
  check(
    rows.every(row => row.mails === 1 && row.changes === 1),
    'one mail each, one end each',
  );
}
