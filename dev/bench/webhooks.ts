/** Stripe's webhooks at an even pace, by the data plane and by the demo's portal, beside bare inserts at the same pace. */
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { bareInserts } from '@/dev/bench/bare-inserts';
import { percentile } from '@/dev/bench/load';
import { paced, type Signed } from '@/dev/bench/paced';
import type { Line } from '@/dev/bench/report';
import { webhookPath } from '@/lib/edge/http/webhook';
import { newId } from '@/lib/platform/ids';

const perSecond = 500;
const warmUpEvents = 1_000;
const budgetMs = 100;

/** Of a kind that nobody acts on, as long as the event of a subscription, signed as Stripe signs. */
function eventOf(secret: string): Signed & { id: string } {
  const id = newId('evt').replace(/\W/g, '');
  const at = Math.floor(Date.now() / 1_000);
  const object = { id: 'ch_bench', object: 'charge', customer: 'cus_bench', note: 'x'.repeat(4_000) };
  const envelope = { id, object: 'event', type: 'charge.refunded', livemode: false, created: at };
  const body = JSON.stringify({ ...envelope, data: { object } });
  const mac = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { id, body, signature: `t=${at},v1=${mac}` };
}

/** Latencies in ms of that many events a second; every one must be answered 200 and be in the database then. */
async function measured(server: string, databaseUrl: string, secret: string, seconds: number): Promise<number[]> {
  const url = new URL(webhookPath, server).href;
  await paced(
    url,
    Array.from({ length: warmUpEvents }, () => eventOf(secret)),
    perSecond / 2,
  );
  const events = Array.from({ length: perSecond * seconds }, () => eventOf(secret));
  const answers = await paced(url, events, perSecond);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const stored = await client.query(`SELECT 1 FROM stripe_events WHERE event_id = ANY($1)`, [
      events.map(({ id }) => id),
    ]);
    const lost = events.length - (stored.rowCount ?? 0);
    const refused = answers.filter(({ status }) => status !== 200).length;
    if (lost > 0 || refused > 0) throw new Error(`${url}: ${refused} webhooks were refused, ${lost} were not stored`);
    await client.query(`DELETE FROM stripe_events WHERE stripe_customer_id = 'cus_bench'`);
  } finally {
    await client.end();
  }
  return answers.map(({ ms }) => ms);
}

export type WebhookServer = { name: string; url: string; databaseUrl: string };

/** The lines of the table: the floor first, then each server's, all at 500 events a second for that long. */
export async function webhookLines(servers: WebhookServer[], secret: string, seconds: number): Promise<Line[]> {
  const [first] = servers;
  if (!first) return [];
  const texts = Array.from({ length: perSecond * seconds }, () => eventOf(secret).body);
  const floor = await bareInserts(first.databaseUrl, texts, seconds * 1_000);
  const lines: Line[] = [
    { what: `bare inserts at ${perSecond}/s, p50`, value: floor.p50, unit: 'ms' },
    { what: `bare inserts at ${perSecond}/s, p99`, value: floor.p99, unit: 'ms' },
  ];
  for (const { name, url, databaseUrl } of servers) {
    const times = await measured(url, databaseUrl, secret, seconds);
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
    const ratio = `${(p99 / floor.p99).toFixed(1)} times that of bare inserts`;
    lines.push({ what: `webhooks at ${perSecond}/s, ${name}, p50`, value: p50, unit: 'ms' });
    lines.push({
      what: `webhooks at ${perSecond}/s, ${name}, p99`,
      value: p99,
      unit: 'ms',
      budget: { atMost: budgetMs },
      ratio,
    });
  }
  return lines;
}
