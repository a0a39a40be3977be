/** The worker as a process: starts, tells its health, drains on SIGTERM; without settings it says which. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';

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
    expect(Object.keys(parts).sort()).toEqual(['bigquery', 'billing', 'database', 'limits', 'messages', 'mirror']);
    expect(parts.database?.ok).toBe(true);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(output()).toContain('drained');
  },
  60_000,
);

test('a worker without settings names every missing one and exits with 1', async () => {
  const { child, output } = startWorker({});
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output()).toContain('The environment is not complete');
  expect(output()).toContain('- DATABASE_URL');
  expect(output()).toContain('- NEXTAUTH_SECRET');
}, 60_000);
