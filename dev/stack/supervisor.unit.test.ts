import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning, startOf } from '@/dev/stack/processes';
import { type ProcessPlan, Supervisor } from '@/dev/stack/supervisor';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supervisor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A process that runs a line of JavaScript; it is healthy once it has said `up` in its log. */
function plan(name: string, script: string, more: Partial<ProcessPlan> = {}): ProcessPlan {
  const log = join(dir, 'logs', `${name}.log`);
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    healthy: async () => readFileSync(log, 'utf8').includes('up'),
    graceMs: 2_000,
    ...more,
  };
}

const forever = `console.log('up'); setInterval(() => {}, 1000);`;
const noting = (name: string, delayMs: number) =>
  `console.log('up'); setInterval(() => {}, 1000); process.on('SIGTERM', () => setTimeout(() => {
    require('node:fs').appendFileSync(process.env.ORDER, '${name} '); process.exit(0) }, ${delayMs}));`;

test('apps drain before the services they use are ended, and nothing is left', async () => {
  const env = { ORDER: join(dir, 'order') };
  const supervisor = await Supervisor.open(dir);
  await supervisor.start(plan('service', noting('service', 0), { env }));
  await supervisor.start(plan('app', noting('app', 200), { env, stage: 'app' }));
  const pids = ['service', 'app'].map(name => supervisor.pidOf(name));
  await supervisor.stop();
  expect(readFileSync(env.ORDER, 'utf8')).toBe('app service ');
  expect(pids.map(startOf)).toEqual([undefined, undefined]);
  expect(existsSync(join(dir, 'pids.json'))).toBe(false);
});

test('a process that does not end in its time is killed', async () => {
  const supervisor = await Supervisor.open(dir);
  await supervisor.start(plan('deaf', `process.on('SIGTERM', () => {}); ${forever}`, { graceMs: 100 }));
  const pid = supervisor.pidOf('deaf');
  await supervisor.stop();
  expect(startOf(pid)).toBeUndefined();
});

test('a process that ends by itself is told once, with the end of its log', async () => {
  const supervisor = await Supervisor.open(dir);
  const told: string[] = [];
  supervisor.onCrash = sentence => told.push(sentence);
  await supervisor.start(
    plan('short', `console.log('up'); setTimeout(() => { console.log('why'); process.exit(3) }, 50)`),
  );
  while (told.length === 0) await sleep(20);
  expect(told).toEqual([expect.stringMatching(/^short \(pid \d+\) ended with code 3\.[\s\S]*why$/)]);
  await supervisor.stop();
});

test('a start that fails says so with the end of the log', async () => {
  const supervisor = await Supervisor.open(dir);
  await expect(supervisor.start(plan('broken', `console.error('no such table'); process.exit(1)`))).rejects.toThrow(
    /broken ended while starting\.[\s\S]*no such table/,
  );
  await supervisor.stop();
});

test('what a killed supervisor left running is ended; a process that only got its pid is not touched', async () => {
  const left = spawn(process.execPath, ['-e', forever], { detached: true, stdio: 'ignore' });
  const other = spawn(process.execPath, ['-e', forever], { detached: true, stdio: 'ignore' });
  const startedAt = startOf(left.pid ?? 0) ?? '';
  const children = [
    { name: 'left', pid: left.pid, startedAt },
    { name: 'other', pid: other.pid, startedAt: 'another time' },
  ];
  const dead = { name: 'supervisor', pid: 2 ** 22 + 1, startedAt: 'x' };
  writeFileSync(join(dir, 'pids.json'), JSON.stringify({ supervisor: dead, children }));
  const supervisor = await Supervisor.open(dir);
  expect(isRunning({ pid: left.pid ?? 0, startedAt })).toBe(false);
  expect(startOf(other.pid ?? 0)).toBeDefined();
  other.kill('SIGKILL');
  await supervisor.stop();
});

test('a folder that a live supervisor has is refused, and taken over only when asked', async () => {
  const live = spawn(process.execPath, ['-e', forever], { detached: true, stdio: 'ignore' });
  const supervisor = { name: 'supervisor', pid: live.pid, startedAt: startOf(live.pid ?? 0) };
  writeFileSync(join(dir, 'pids.json'), JSON.stringify({ supervisor, children: [] }));
  await expect(Supervisor.open(dir)).rejects.toThrow(`already run by process ${live.pid}`);
  const taken = await Supervisor.open(dir, true);
  expect(startOf(live.pid ?? 0)).toBeUndefined();
  await taken.stop();
});
