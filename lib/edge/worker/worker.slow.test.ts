/** The worker as a process: starts, tells its health, drains on SIGTERM; without settings it says which. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inArray } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function startWorker(env: Record<string, string | undefined>): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/edge/worker/main.ts'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, output: () => text };
}

test.each([
  ['PORT', {}],
  ['WORKER_PORT, where PORT is the data plane’s,', { PORT: '1' }],
])(
  'a worker on %s answers /health with its parts and drains on SIGTERM with exit code 0',
  async (name, others) => {
    const port = await freePort();
    const variable = name.split(',')[0] ?? '';
    const { child, output } = startWorker({ ...process.env, ...others, [variable]: String(port), LOG_LEVEL: 'info' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    let parts: Record<string, { ok: boolean }> = {};
    // On a busy machine the first answers may come before the database has.
    for (const end = Date.now() + 25_000; !parts.database?.ok; await sleep(100)) {
      if (Date.now() > end || child.exitCode !== null) throw new Error(`the worker did not start:\n${output()}`);
      const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      if (answer) parts = ((await answer.json()) as { parts: typeof parts }).parts;
    }
    expect(Object.keys(parts).sort()).toEqual([
      'bigquery',
      'billing',
      'database',
      'events',
      'limits',
      'lineage',
      'messages',
      'mirror',
      'repositories',
      'schedules',
    ]);
    expect(parts.database?.ok).toBe(true);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(output()).toContain('drained');
  },
  60_000,
);

test('of two workers one is killed while both make runs of 600 schedules: each run is made once', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const others = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })];
  // Due since the beginning of the year and not again before its end.
  const due = new Date(Date.UTC(new Date().getUTCFullYear(), 0, 1));
  const expected = new Map<string, number>();
  for (const owner of [world, ...others]) {
    for (let at = 0; at < 200; at++) {
      const { configId } = await insertConfig(owner, { scheduleCron: '0 0 1 1 *', nextRunAt: due });
      expected.set(configId, 1);
    }
  }
  const made = async () => {
    const rows = await db()
      .select()
      .from(runs)
      .where(inArray(runs.configId, [...expected.keys()]));
    const counts = new Map<string, number>();
    for (const { configId } of rows) counts.set(String(configId), (counts.get(String(configId)) ?? 0) + 1);
    return counts;
  };
  const start = async () => startWorker({ ...process.env, PORT: String(await freePort()), LOG_LEVEL: 'warn' }).child;
  const [killed, going] = [await start(), await start()];
  onTestFinished(() => {
    for (const child of [killed, going]) child.kill('SIGKILL');
  });
  await expect.poll(async () => (await made()).size, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
  const before = (await made()).size;
  killed.kill('SIGKILL');
  await expect.poll(async () => (await made()).size, { timeout: 60_000 }).toBe(600);
  console.log(`one of two workers was killed after about ${before} of 600 runs; all are there, once each`);
  expect(await made()).toEqual(expected);
}, 120_000);

test('a worker without settings names every missing one and exits with 1', async () => {
  const { child, output } = startWorker({});
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output()).toContain('The environment is not complete');
  expect(output()).toContain('- DATABASE_URL');
  expect(output()).toContain('- NEXTAUTH_SECRET');
}, 60_000);
