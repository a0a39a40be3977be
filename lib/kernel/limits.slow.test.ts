/** One limit over processes that share a Redis; a Redis that is away or hangs fails no request. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LocalRedis, startRedis } from '@/dev/stack/services/redis';
import { consume } from '@/lib/kernel/limits';
import { healthOf, standardChecks } from '@/lib/platform/http/health';
import { newUuid } from '@/lib/platform/ids';
import { closeRedis, redisIsReady, sharedRedis } from '@/lib/platform/redis';

const rule = { name: 'test-shared', points: 30, seconds: 60 };
let redis: LocalRedis;

beforeAll(async () => {
  redis = await startRedis();
  process.env.REDIS_URL = redis.url;
  sharedRedis();
  await vi.waitUntil(redisIsReady);
});

afterAll(async () => {
  await closeRedis();
  await redis.stop();
});

/** How many of 25 requests another process lets through. */
async function letThroughElsewhere(caller: string): Promise<number> {
  const args = ['dev/testing/limited-process.ts', JSON.stringify(rule), caller];
  const child = spawn('tsx', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const part of child.stdout) said += part;
  return Number(said);
}

test('two processes that share a Redis keep one limit', async () => {
  const caller = newUuid();
  const [one, other] = await Promise.all([letThroughElsewhere(caller), letThroughElsewhere(caller)]);
  expect(one + other).toBe(rule.points);
  expect(await consume(rule, caller)).toMatchObject({ allowed: false, limit: 30, remaining: 0 });
});

test('callers over the limit are told when the window ends', async () => {
  const short = { name: 'test-window', points: 1, seconds: 2 };
  const caller = newUuid();
  expect(await consume(short, caller)).toEqual({ allowed: true, limit: 1, remaining: 0, resetSeconds: 2 });
  const refused = await consume(short, caller);
  expect([refused.allowed, refused.resetSeconds <= 2]).toEqual([false, true]);
  await expect.poll(async () => (await consume(short, caller)).allowed, { timeout: 4_000 }).toBe(true);
});

test('/health says where limits are kept', async () => {
  const { parts } = await healthOf({ limits: standardChecks.limits as (typeof standardChecks)[string] });
  expect(parts.limits).toMatchObject({ ok: true, message: 'in Redis' });
});

test('a Redis that hangs delays one request by a quarter of a second and fails none', async () => {
  const caller = newUuid();
  const pid = Number(/process_id:(\d+)/.exec((await sharedRedis()?.info('server')) ?? '')?.[1]);
  process.kill(pid, 'SIGSTOP');
  try {
    const started = performance.now();
    for (let i = 0; i < 20; i++) expect((await consume(rule, caller)).allowed).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('while Redis is away each process keeps the limit for itself, and /health says so', async () => {
  await redis.stop();
  await expect.poll(redisIsReady).toBe(false);
  const caller = newUuid();
  const answers = [];
  for (let i = 0; i < 31; i++) answers.push((await consume(rule, caller)).allowed);
  expect(answers.filter(Boolean)).toHaveLength(30);
  const report = await healthOf({ limits: standardChecks.limits as (typeof standardChecks)[string] });
  expect(report).toMatchObject({ status: 'degraded', parts: { limits: { ok: false } } });
});
