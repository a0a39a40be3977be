/** The stand-alone data plane as a process: what a caller sees when it stops, when Postgres is away, when HTTP is broken. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { customerKey } from '@/dev/testing/data-plane';
import { createWorld } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { webhookPath } from '@/lib/edge/http/webhook';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

type Started = { child: ChildProcess; url: string; port: number };

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
});

async function start(more: Record<string, string>): Promise<Started> {
  const child = spawn(nodeBinary(), [...tsxArguments('lib/edge/v1/main.ts')], {
    cwd: checkoutDir,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info', ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', part => {
      output += String(part);
      const found = /"port":(\d+)/.exec(output)?.[1];
      if (found) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`the data plane did not start: ${output}`)));
  });
  return { child, port, url: `http://127.0.0.1:${port}` };
}

async function stop({ child }: Started): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  return code as number | null;
}

/** What the server writes to a raw connection until it closes it. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', part => {
      answer += String(part);
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('with Postgres', () => {
  let started: Started;
  beforeAll(async () => {
    started = await start({});
  });
  afterAll(async () => {
    await stop(started);
  });

  test('/health and /v1/health name each part', async () => {
    for (const path of ['/health', '/v1/health']) {
      const answer = await fetch(started.url + path);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ parts: { database: { ok: true }, bigquery: { ok: true } } });
    }
  });

  test('/metrics counts calls by route and status', async () => {
    await fetch(`${started.url}/v1/quota`);
    const text = await (await fetch(`${started.url}/metrics`)).text();
    expect(text).toMatch(/tenantry_http_seconds_count\{route="GET \/v1\/quota",status="401"\} \d/);
  });

  test('/metrics tells what waits in Postgres, at most five seconds old', async () => {
    const key = `backlog_${randomText(8)}`;
    await db().execute(
      sql`INSERT INTO outbox (mirror, key, created_at) VALUES (${key}, 'k', now() - interval '1 hour')`,
    );
    const scrape = async () => (await fetch(`${started.url}/metrics`)).text();
    await expect.poll(scrape, { interval: 500, timeout: 8_000 }).toContain(`tenantry_outbox_rows{mirror="${key}"} 1`);
    const text = await scrape();
    await db().execute(sql`DELETE FROM outbox WHERE mirror = ${key}`);
    expect(Number(/^tenantry_outbox_oldest_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(3_600);
    for (const name of ['outbox_dead_rows', 'notifications_waiting', 'stripe_events_oldest_seconds'])
      expect(text).toMatch(new RegExp(`^tenantry_${name} \\d`, 'm'));
  });

  test('/docs and the pages below it lead to the portal’s, where problem types are explained', async () => {
    for (const path of ['/docs', '/docs/errors']) {
      const answer = await fetch(started.url + path, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, process.env.PORTAL_URL + path]);
    }
    expect((await fetch(`${started.url}/docsomething`)).status).toBe(404);
  });

  test('Stripe’s webhooks are taken at the portal’s path: without a signature 400, by another method 405', async () => {
    const [post, get] = await Promise.all([
      fetch(started.url + webhookPath, { method: 'POST', body: '{}' }),
      fetch(`${started.url + webhookPath}?x=1`),
    ]);
    expect([post.status, get.status, get.headers.get('allow')]).toEqual([400, 405, 'POST']);
    expect(await post.json()).toMatchObject({ detail: 'The header Stripe-Signature is missing.' });
    const counted = await (await fetch(`${started.url}/metrics`)).text();
    expect(counted).toMatch(/tenantry_http_seconds_count\{route="stripe_webhook",status="400"\} 1/);
  });

  test('GitHub’s webhooks are taken at the portal’s path of a repository: unsigned 400, by another method 405', async () => {
    const path = `${started.url}/api/webhooks/github/repo_of_nobody`;
    const [unsigned, read] = await Promise.all([fetch(path, { method: 'POST', body: '{}' }), fetch(`${path}?x=1`)]);
    expect([unsigned.status, read.status, read.headers.get('allow')]).toEqual([400, 405, 'POST']);
  });

  test('what is no HTTP is answered with a problem document', async () => {
    for (const text of ['NONSENSE\r\n\r\n', `GET /v1/quota HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`]) {
      const answer = await raw(started.port, text);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"bad_request"');
    }
  });

  test('a run being started when SIGTERM comes is answered, and the process exits 0', async () => {
    const world = await createWorld();
    await applyLimits(db(), world.customerId, { dailyLimit: 1_000, concurrentLimit: 1_000 });
    const { text } = await customerKey(world);
    const body = JSON.stringify({ pipeline_id: 'p', trigger_type: 'api', trigger_by: 't' });
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const sent = Array.from({ length: 30 }, () => fetch(`${started.url}/v1/runs`, { method: 'POST', headers, body }));
    await Promise.race(sent);
    const code = stop(started);
    const answers = await Promise.allSettled(sent);
    const statuses = answers.map(answer => (answer.status === 'fulfilled' ? answer.value.status : 'refused'));
    expect(await code).toBe(0);
    expect(statuses.filter(status => status === 201).length).toBeGreaterThan(0);
    expect(statuses.filter(status => status !== 201 && status !== 'refused')).toEqual([]);
  });
});

test('without Postgres every call is 503 with Retry-After, and health says which part is down', async () => {
  const started = await start({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
  const key = 'ty_live_nonsense';
  const health = await fetch(`${started.url}/v1/health`);
  expect([health.status, health.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await health.json()).toMatchObject({ status: 'down', parts: { database: { ok: false } } });
  const refused = await fetch(`${started.url}/v1/quota`, { headers: { authorization: `Bearer ${key}` } });
  expect(refused.status).toBe(401);
  const wellFormed = (await customerKey(await createWorld())).text;
  const answer = await fetch(`${started.url}/v1/quota`, { headers: { authorization: `Bearer ${wellFormed}` } });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.json()).toMatchObject({ code: 'database_unavailable' });
  const metrics = await (await fetch(`${started.url}/metrics`)).text();
  expect(metrics).toContain('# TYPE tenantry_outbox_oldest_seconds gauge');
  expect(metrics).not.toMatch(/^tenantry_(outbox|notifications|stripe_events)_(rows|oldest|dead|waiting|failed)/m);
  expect(await stop(started)).toBe(0);
});

test('with settings missing it says which and does not start', async () => {
  const child = spawn(nodeBinary(), [...tsxArguments('lib/edge/v1/main.ts')], {
    cwd: checkoutDir,
    env: { NODE_ENV: 'test', PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let problems = '';
  child.stderr?.on('data', part => {
    problems += String(part);
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(problems).toContain('DATABASE_URL');
  expect(problems).toContain('KMS_KEY_NAME');
});
