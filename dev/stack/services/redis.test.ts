import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { startRedis } from '@/dev/stack/services/redis';

async function ask(url: string, work: (redis: Redis) => Promise<unknown>): Promise<unknown> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

test('two tests have a Redis each, and a stopped one answers no more', async () => {
  const [one, two] = await Promise.all([startRedis(), startRedis()]);
  try {
    await ask(one.url, redis => redis.set('a', '1'));
    expect(await ask(one.url, redis => redis.get('a'))).toBe('1');
    expect(await ask(two.url, redis => redis.get('a'))).toBeNull();
    await one.stop();
    await one.stop();
    await expect(ask(one.url, redis => redis.ping())).rejects.toThrow();
    expect(await ask(two.url, redis => redis.ping())).toBe('PONG');
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
});

test('it ends with a starter that was killed', async () => {
  const [loader, file] = [tsxArguments('dev/stack/services/redis.ts').slice(0, 2), '@/dev/stack/services/redis'];
  const code = `import('${file}').then(async ({ startRedis }) => console.log((await startRedis()).url))`;
  const starter = spawn(nodeBinary(), [...loader, '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  expect(await ask(url, redis => redis.ping())).toBe('PONG');
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await expect.poll(() => ask(url, redis => redis.ping()).catch(() => 'gone')).toBe('gone');
});
