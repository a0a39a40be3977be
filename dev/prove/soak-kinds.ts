/** The soak's mix: what workers, visitors and Stripe ask of a portal on an ordinary day, about 50 requests a second. */

import pg from 'pg';
import { sessionCookie } from '@/dev/bench/demo-portal';
import { deliver, eventText, type Subscriber, signed, subscriber } from '@/dev/prove/billing-cast';
import { type DemoFacts, demoFacts, servicesEnv } from '@/dev/prove/demo-process';
import { call, type Request, until } from '@/dev/prove/drill-client';
import type { Kind } from '@/dev/prove/traffic';
import { createKey } from '@/lib/domains/keys/commands';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';

const pages = ['/', '/usage', '/keys', '/team', '/audit', '/billing', '/settings/profile'];
const jsonPaths = ['/api/keys', '/api/quotas', '/api/team', '/api/audit', '/api/subscriptions', '/api/organizations'];
const subscribers = 4;
const warmUpLimitMs = 60_000;
const limits = { dailyLimit: 1_000_000, monthlyLimit: null, concurrentLimit: 1_000_000, apiCallsMonthLimit: null };

type Place = Pick<DemoFacts, 'portal' | 'dataPlane' | 'serviceKey'> & { keys: string[]; cookies: string[] };

const turn = <Item>(items: Item[], number: number): Item => items[number % items.length] as Item;

/** Sends one and holds it to the expected status; what was answered instead is the message. */
async function expected(status: number, url: string, request: Request): Promise<string> {
  const answer = await call(url, request);
  if (answer.status === status) return answer.text;
  const code = /"code":"(\w+)"/.exec(answer.text)?.[1];
  throw new Error(
    `${answer.status}${code ? ` ${code}` : ''} at ${new URL(url).pathname.replace(/[0-9a-f-]{36}/, '…')}`,
  );
}

/** The life of one run: started, two steps, a check, a heartbeat, ended. */
async function runLife({ dataPlane, keys }: Place, number: number): Promise<number> {
  const key = turn(keys, number);
  const begun = { pipeline_id: `soak_${number % 7}`, trigger_type: 'api', trigger_by: 'soak' };
  const run = JSON.parse(await expected(201, `${dataPlane}/v1/runs`, { key, body: begun })) as {
    pipeline_logging_id: string;
  };
  const path = `${dataPlane}/v1/runs/${run.pipeline_logging_id}`;
  const start_time = new Date().toISOString();
  const step = (step_index: number) => ({
    step_logging_id: newUuid(),
    step_name: `step_${step_index}`,
    step_type: 'bigquery_to_bigquery',
    step_index,
    status: 'COMPLETED',
    start_time,
    end_time: start_time,
    rows_processed: 1_000 + number,
  });
  const check = {
    dq_result_id: newUuid(),
    target_table: 'project.dataset.costs',
    dq_config_id: 'costs',
    executed_at: start_time,
    expectations_passed: 14,
    expectations_failed: 0,
    overall_status: 'PASS',
  };
  await expected(200, `${path}/steps`, { key, body: { steps: [step(0), step(1)] } });
  await expected(200, `${path}/dq-results`, { key, body: { dq_results: [check] } });
  await expected(200, `${path}/heartbeat`, { key, body: {} });
  await expected(200, `${path}/complete`, { key, body: { status: 'COMPLETED' } });
  return 5;
}

/** Two keys without a rate limit and two sessions of each of the demo's customers, whose limits are raised out of the way. */
async function place(): Promise<Place> {
  const facts = demoFacts();
  const env = servicesEnv();
  const keys: string[] = [];
  for (const { customer_id: customerId, tenant_dataset_id: tenantDatasetId } of facts.customers) {
    await applyLimits(db(), customerId, limits);
    const input = { name: 'Soak', scopes: ['runs:read', 'runs:write', 'quota:read'], rate_limit_tier: 'UNLIMITED' };
    for (let made = 0; made < 2; made++) {
      const { result } = await createKey(systemCtx('soak', { customerId, tenantDatasetId }), input);
      keys.push(result.secret.reveal());
    }
  }
  const database = new pg.Client({ connectionString: env.DATABASE_URL });
  await database.connect();
  const cookies: string[] = [];
  for (const user of facts.users.filter(({ role }) => role === 'OWNER' || role === 'ADMIN'))
    cookies.push(await sessionCookie(database, user, env.NEXTAUTH_SECRET ?? ''));
  await database.end();
  const { portal, dataPlane, serviceKey } = facts;
  return { portal, dataPlane, serviceKey, keys, cookies };
}

async function webhooks(): Promise<(number: number) => Promise<string>> {
  const objects: object[] = [];
  for (let made = 0; made < subscribers; made++) {
    const { subscriptionId }: Subscriber = await subscriber('STARTER');
    objects.push(await stripe().subscriptions.retrieve(subscriptionId));
  }
  return async number => eventText('customer.subscription.updated', turn(objects, number));
}

/**
 * Every page and JSON route once for each visitor, one after the other. A portal that has just started knows no rows, and
 * all questions at once are more than a local BigQuery answers in time; that is no matter of memory.
 */
async function warmUp({ portal, cookies }: Place): Promise<void> {
  for (const cookie of cookies)
    for (const path of [...pages, ...jsonPaths]) {
      const tookMs = await until(warmUpLimitMs, async () => (await call(portal + path, { cookie })).status === 200);
      if (!Number.isFinite(tookMs)) throw new Error(`${path} is not answered`);
    }
}

/** Prepares the callers on the demo that is up and answers the mix. */
export async function soakKinds(): Promise<Kind[]> {
  const here = await place();
  const { portal, dataPlane, serviceKey, keys, cookies } = here;
  const event = await webhooks();
  await warmUp(here);
  const got = async (url: string, request: Request) => {
    await expected(200, url, request);
    return 1;
  };
  return [
    {
      name: 'key checks',
      perSecond: 18,
      send: number => got(`${dataPlane}/v1/keys/verify`, { key: serviceKey, body: { key: turn(keys, number) } }),
    },
    { name: 'runs', perSecond: 3, send: number => runLife(here, number) },
    {
      name: 'reads of the data plane',
      perSecond: 4,
      send: number =>
        got(`${dataPlane}${turn(['/v1/quota', '/v1/runs?limit=50'], number)}`, { key: turn(keys, number >> 1) }),
    },
    {
      name: 'pages',
      perSecond: 4,
      send: number => got(portal + turn(pages, number), { cookie: turn(cookies, Math.floor(number / pages.length)) }),
    },
    {
      name: 'JSON routes',
      perSecond: 5,
      send: number =>
        got(portal + turn(jsonPaths, number), { cookie: turn(cookies, Math.floor(number / jsonPaths.length)) }),
    },
    {
      name: 'webhooks',
      perSecond: 4,
      send: async number => {
        const body = await event(number);
        const { status } = await deliver(portal, body, await signed(body));
        if (status !== 200) throw new Error(`${status} at the webhook`);
        return 1;
      },
    },
  ];
}
