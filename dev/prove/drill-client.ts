/** Callers of the drilled demo: an API key without a rate limit, an owner's browser session, and plain questions to Postgres. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { sessionCookie } from '@/dev/bench/demo-portal';
import { type DemoFacts, demoFacts, servicesEnv } from '@/dev/prove/demo-process';
import { createKey } from '@/lib/domains/keys/commands';
import { systemCtx } from '@/lib/kernel/ctx';
import { closeDb } from '@/lib/platform/db';

export type Drilled = DemoFacts & { key: string; cookie: string; customerId: string };

export type Answer = { status: number; ms: number; text: string; headers: Headers };
export type Request = { method?: string; key?: string; cookie?: string; body?: unknown; limitMs?: number };

/** One request on a kept-alive connection; no answer is status 0. */
export async function call(url: string, request: Request = {}): Promise<Answer> {
  const started = performance.now();
  const headers: Record<string, string> = {};
  if (request.key) headers.authorization = `Bearer ${request.key}`;
  if (request.cookie) Object.assign(headers, { cookie: request.cookie, origin: new URL(url).origin });
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(url, {
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(request.limitMs ?? 60_000),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    return { status: response.status, ms: performance.now() - started, text, headers: response.headers };
  } catch (error) {
    return { status: 0, ms: performance.now() - started, text: String(error), headers: new Headers() };
  }
}

/** Rows of one statement on the demo's Postgres. */
export async function ask<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: servicesEnv().DATABASE_URL, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** One number of one statement. */
export async function count(sql: string, values: unknown[] = []): Promise<number> {
  const [row] = await ask<{ count: string }>(sql, values);
  return Number(row?.count ?? 0);
}

/** The owner of the demo's second customer, who is far from any limit, and a new key of that customer. */
export async function drilled(): Promise<Drilled> {
  const facts = demoFacts();
  const env = servicesEnv();
  Object.assign(process.env, env, { LOG_LEVEL: 'error' });
  const customer = facts.customers[1];
  const owner = facts.users.find(user => user.role === 'OWNER' && user.customer_id === customer?.customer_id);
  if (!customer || !owner) throw new Error('the demo has no second customer');
  const scope = { customerId: customer.customer_id, tenantDatasetId: customer.tenant_dataset_id };
  const { result } = await createKey(systemCtx('drills', scope), {
    name: 'Drills',
    scopes: ['keys:read', 'keys:write', 'quota:read', 'runs:write', 'runs:read'],
    rate_limit_tier: 'UNLIMITED',
  });
  await closeDb();
  const database = new pg.Client({ connectionString: env.DATABASE_URL });
  await database.connect();
  const cookie = await sessionCookie(database, owner, env.NEXTAUTH_SECRET ?? '').finally(() => database.end());
  return { ...facts, key: result.secret.reveal(), cookie, customerId: customer.customer_id };
}

/** Bodies of the two changes the drills make. */
export const keyBody = (name: string) => ({ name, scopes: ['quota:read'] });
export const runBody = { pipeline_id: 'drill', trigger_type: 'api', trigger_by: 'drill' };

/** An answer in a line of the report. */
export const ms = (answer: Answer) => `${answer.status} after ${Math.round(answer.ms)} ms`;
/** Its health report, part by part. */
export const healthParts = (answer: Answer) =>
  JSON.stringify((JSON.parse(answer.text) as { parts: Record<string, { ok: boolean; message: string }> }).parts);

/** Waits until `done`; answers the ms it took, at most `limitMs`. */
export async function until(limitMs: number, done: () => Promise<boolean>): Promise<number> {
  const startedAt = Date.now();
  while (!(await done())) {
    if (Date.now() - startedAt > limitMs) return Number.POSITIVE_INFINITY;
    await sleep(50);
  }
  return Date.now() - startedAt;
}
