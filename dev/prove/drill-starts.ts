/** Drill 3: starting, stopping and starting again after every kind of bad end. */
import { mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DemoProcess,
  demoFacts,
  drillDir,
  leftBehind,
  recorded,
  signalPart,
  startedDemo,
} from '@/dev/prove/demo-process';
import { call, count } from '@/dev/prove/drill-client';
import { check, say } from '@/dev/prove/report';
import { isRunning } from '@/dev/stack/processes';
import { postgresDataDir } from '@/dev/stack/services/postgres';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const budgetMs = 60_000;

async function serves(promise: string): Promise<void> {
  const { portal, dataPlane } = demoFacts();
  const answers = await Promise.all([
    call(`${portal}/api/health`),
    call(`${dataPlane}/v1/health`),
    call(`${portal}/signin`),
  ]);
  check(
    answers.every(answer => answer.status === 200),
    promise,
  );
}

async function timedStart(
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ demo: DemoProcess; tookMs: number }> {
  const demo = new DemoProcess(args, env);
  return { demo, tookMs: await demo.ready() };
}

async function ctrlC(demo: DemoProcess): Promise<void> {
  const before = recorded();
  const startedAt = Date.now();
  const { code, signal } = await demo.interrupt();
  const left = leftBehind(before);
  say(
    `Ctrl-C: ended in ${seconds(Date.now() - startedAt)}, exit ${code ?? signal}; left: ${left.join(', ') || 'nothing'}`,
  );
  check(code === 0 && left.length === 0, 'Ctrl-C leaves no process and no lock');
}

async function startTimes(): Promise<void> {
  console.log('Start times once installed');
  const times: number[] = [];
  for (let number = 0; number < 3; number++) {
    const { demo, tookMs } = await timedStart();
    times.push(tookMs);
    await ctrlC(demo);
  }
  const { demo, tookMs } = await timedStart(['--reset']);
  const count0 = demoFacts().customers.length;
  await ctrlC(demo);
  say(`with data ${times.map(seconds).join(', ')}; with --reset (seed anew) ${seconds(tookMs)}`);
  check(Math.max(...times, tookMs) < budgetMs && count0 === 2, 'up in less than 60 s, and --reset starts over');
}

async function secondDemo(): Promise<void> {
  console.log('A second demo while one runs');
  const first = await startedDemo();
  const before = recorded();
  const { demo: second, tookMs } = await timedStart();
  const { code } = await first.ended;
  say(`the first ended with ${code}, the second was ready after ${seconds(tookMs)}`);
  check(
    code === 0 && before.every(({ pid }) => !recorded().some(now => now.pid === pid)),
    'the second takes over from the first',
  );
  await serves('the second serves');
  await ctrlC(second);
}

async function supervisorKilled(): Promise<void> {
  console.log('The supervisor killed');
  const demo = await startedDemo();
  const before = recorded();
  const rows = await count('SELECT count(*) FROM api_keys');
  signalPart('supervisor', 'SIGKILL');
  const { code, signal } = await demo.ended;
  const { demo: again, tookMs } = await timedStart();
  say(`ended with ${code ?? signal}; ready again after ${seconds(tookMs)}`);
  const old = before.filter(({ pid }) => recorded().some(now => now.pid === pid));
  check(
    old.length === 0 && (await count('SELECT count(*) FROM api_keys')) === rows,
    'the next start ends what was left and keeps the data',
  );
  await serves('it serves');
  await ctrlC(again);
}

async function starterKilled(): Promise<void> {
  console.log('The starter (npm’s child) killed');
  const demo = await startedDemo();
  const before = recorded();
  process.kill(demo.pid, 'SIGKILL');
  const startedAt = Date.now();
  while (leftBehind(before).length > 0 && Date.now() - startedAt < 45_000) await sleep(50);
  const left = leftBehind(before);
  say(`all ended ${seconds(Date.now() - startedAt)} later; left: ${left.join(', ') || 'nothing'}`);
  check(left.length === 0, 'nothing outlives the starter');
}

async function occupiedPorts(): Promise<void> {
  console.log('Ports of the last start taken by somebody else');
  const ports = JSON.parse(readFileSync(join(drillDir, 'ports.json'), 'utf8')) as Record<string, number>;
  const servers = await Promise.all(
    ['portal', 'postgres', 'data-plane', 'google'].map(
      name =>
        new Promise<ReturnType<typeof createServer>>(resolve => {
          const server = createServer(socket => socket.destroy());
          server.listen(ports[name], '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  try {
    const demo = await startedDemo();
    say(`the portal moved from port ${ports.portal} to ${new URL(demoFacts().portal).port}`);
    await serves('it starts on other ports');
    await ctrlC(demo);
    const asked = new DemoProcess([], { TENANTRY_PORTAL_PORT: String(ports.portal) });
    const { code, output } = await asked.ended;
    const sentence = output.split('\n').find(line => line.includes('TENANTRY_PORTAL_PORT')) ?? '';
    say(`asked for that port: “${sentence}”, exit ${code}`);
    check(
      code === 1 && sentence.includes('in use') && leftBehind(recorded()).length === 0,
      'an asked port that is taken is refused in one sentence',
    );
  } finally {
    for (const server of servers) server.close();
  }
}

function powerCut(): void {
  for (const { pid } of recorded().filter(isRunning)) process.kill(pid, 'SIGKILL');
  truncateSync(join(drillDir, 'pids.json'), 40);
}

async function halfWritten(): Promise<void> {
  console.log('Half-written state');
  const broken: [string, () => void][] = [
    ['no postmaster.pid', () => rmSync(join(postgresDataDir(drillDir), 'postmaster.pid'), { force: true })],
    ['half of env.json', () => truncateSync(join(drillDir, 'env.json'), 40)],
    // Written aside and renamed, so that only a power cut halves it, and that ends all processes too.
    ['half of pids.json', () => powerCut()],
    ['half of ports.json', () => truncateSync(join(drillDir, 'ports.json'), 20)],
  ];
  for (const [what, breakIt] of broken) {
    const demo = await startedDemo();
    signalPart('supervisor', 'SIGKILL');
    await demo.ended;
    breakIt();
    const again = new DemoProcess();
    const took = await again.ready().catch((error: Error) => error);
    if (took instanceof Error) {
      check(false, `${what}, supervisor killed: ${took.message.slice(-600)}`);
      continue;
    }
    say(`${what}, then the supervisor killed: ready after ${seconds(took)}`);
    await serves(`it starts with ${what}`);
    await ctrlC(again);
  }
}

async function killedWhileSeeding(): Promise<void> {
  console.log('Killed while seeding');
  const demo = new DemoProcess(['--reset']);
  while (!demo.output.includes('Seeding')) {
    const over = await Promise.race([demo.ended, sleep(20)]);
    if (over) throw new Error(`the demo ended before it seeded:\n${over.output}`);
  }
  await sleep(1_500);
  const before = recorded();
  signalPart('supervisor', 'SIGKILL');
  await demo.ended;
  const { demo: again, tookMs } = await timedStart();
  say(`ready after ${seconds(tookMs)}`);
  check(
    before.every(({ pid }) => !recorded().some(now => now.pid === pid)) && demoFacts().customers.length === 2,
    'it is seeded anew',
  );
  check((await count('SELECT count(*) FROM customers')) === 2, 'nothing of the half seed is left');
  await serves('it serves');
  await ctrlC(again);
}

/** All of it, on the drills' own folder. */
export async function startDrill(only?: string): Promise<void> {
  mkdirSync(drillDir, { recursive: true });
  // The first one installs, builds and seeds; the times are of those after it.
  await (await startedDemo(['--reset'])).interrupt();
  const parts = {
    times: startTimes,
    second: secondDemo,
    supervisor: supervisorKilled,
    starter: starterKilled,
    ports: occupiedPorts,
    half: halfWritten,
    seeding: killedWhileSeeding,
  };
  for (const [name, part] of Object.entries(parts)) if (!only || only.split(',').includes(name)) await part();
}
