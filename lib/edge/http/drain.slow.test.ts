/** A process whose framework ends it by process.exit still does its last work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { nodeBinary } from '@/dev/stack/paths';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const closes = `async () => { await sleep(300); console.log('closed'); process.exit(143); }`;
const neverCloses = '() => {}';

/** Closes an HTTP server as Next does; a caller of this very process keeps its one connection alive and busy. */
const closesServer = `await (async () => {
  const { Agent, createServer, get } = await import('node:http');
  const server = createServer((_, answer) => answer.end('here'));
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call = () => get({ agent, host: '127.0.0.1', port }, answer => answer.resume().on('end', call)).on('error', () => {});
  call();
  return () => server.close(() => process.exit(143));
})()`;

type Process = { framework?: string; finish: string; signals?: number };

/** A process that handles SIGTERM as Next does, with the last work given; answers its exit code and what it wrote. */
async function endedBySignal({ framework = closes, finish, signals = 1 }: Process) {
  const script = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { finishBeforeExit } from '@/lib/edge/http/drain';
    setInterval(() => {}, 1_000);
    process.on('SIGTERM', ${framework});
    finishBeforeExit(${finish}, { limits: { allMs: 2_000, lastWorkMs: 1_000 } });
    console.log('ready');`;
  const child = spawn(nodeBinary(), ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  const ready = new Promise<void>(resolve => {
    child.stdout.on('data', part => {
      output += String(part);
      if (output.includes('ready')) resolve();
    });
  });
  await ready;
  const ended = once(child, 'close');
  for (let sent = 0; sent < signals; sent++) child.kill('SIGTERM');
  const [code] = await ended;
  return { code: code as number | null, output };
}

test('the exit waits for the last work, which begins when the server is closed, and is then one with 0', async () => {
  const finish = `async () => { await sleep(300); console.log('written'); }`;
  const { code, output } = await endedBySignal({ finish, signals: 2 });
  expect(code).toBe(0);
  expect(output).toMatch(/ready[\s\S]*draining[\s\S]*closed[\s\S]*written[\s\S]*drained/);
  expect(output.match(/written/g)).toHaveLength(1);
});

test('last work that fails is told of, and the process ends with 1', async () => {
  const { code, output } = await endedBySignal({ finish: `async () => { throw new Error('the database is away'); }` });
  expect(code).toBe(1);
  expect(output).toContain('the database is away');
});

test('a server that does not close in time is cut off, the last work is done, and the process ends with 1', async () => {
  const finish = `async () => console.log('written')`;
  const { code, output } = await endedBySignal({ framework: neverCloses, finish });
  expect(code).toBe(1);
  expect(output).toContain('cut off');
  expect(output).toContain('written');
});

test('last work that never ends does not keep the process', async () => {
  const startedAt = Date.now();
  const { code } = await endedBySignal({ finish: '() => new Promise(() => {})' });
  expect(code).toBe(1);
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test('callers who keep their connections alive and busy do not hold the server', async () => {
  const { code, output } = await endedBySignal({ framework: closesServer, finish: 'async () => {}' });
  expect(code).toBe(0);
  expect(output).not.toContain('cut off');
});

test.each(['start', 'data-plane', 'worker'])(
  'npm hands a signal to %s itself, not to a shell that dies of it',
  name => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(scripts[name]).toMatch(/^exec /);
  },
);

test('a data plane that npm runs, as in the image, drains when npm is told to stop', async () => {
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' };
  const child = spawn('npm', ['run', 'data-plane'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
  });
  const closed = once(child, 'close');
  await expect.poll(() => output, { timeout: 20_000 }).toContain('listening');
  child.kill('SIGTERM');
  expect(await closed).toEqual([0, null]);
  expect(output).toContain('drained');
});
