/** A demo of its own for the failure drills: started, killed, frozen and ended like a person or a bad day would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { isRunning, type ProcessRecord, startOf } from '@/dev/stack/processes';

export const drillDir = join(checkoutDir, '.local/drills');
const startLimitMs = 240_000;

export type DemoFacts = {
  portal: string;
  dataPlane: string;
  worker: string;
  databaseUrl: string;
  serviceKey: string;
  customers: { customer_id: string; company_name: string; tenant_dataset_id: string; apiKey: string }[];
  users: { email: string; name: string; role: string; customer_id: string }[];
};
export type Ended = { code: number | null; signal: NodeJS.Signals | null; output: string };
export type Part = 'portal' | 'data-plane' | 'worker' | 'bigquery' | 'kms' | 'postgres';

type PidFile = { supervisor: ProcessRecord; children: ProcessRecord[] };

const pidFile = join(drillDir, 'pids.json');
const readJson = <Content>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as Content;

/** The recorded processes, the supervisor first; empty when none are recorded. */
export function recorded(): ProcessRecord[] {
  if (!existsSync(pidFile)) return [];
  const { supervisor, children } = readJson<PidFile>(pidFile);
  return [supervisor, ...children];
}

export function pidOf(part: Part | 'supervisor'): number {
  const found = recorded().find(({ name }) => name === part);
  if (!found) throw new Error(`${part} is not recorded`);
  return found.pid;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Sends a signal to a part and to its own children: Postgres' sessions are processes of their own. */
export function signalPart(part: Part | 'supervisor', name: NodeJS.Signals): void {
  const pid = pidOf(part);
  const pids = part === 'postgres' ? [pid, ...childrenOf(pid)] : [pid];
  for (const each of pids) {
    // A session may end between the list and the signal.
    if (startOf(each) !== undefined) process.kill(each, name);
  }
}

/** Stops a part for as long as `work` takes, so that it neither answers nor closes its connections. */
export async function frozen<Result>(part: Part, work: () => Promise<Result>): Promise<Result> {
  signalPart(part, 'SIGSTOP');
  try {
    return await work();
  } finally {
    signalPart(part, 'SIGCONT');
  }
}

/** One `npm run demo` in a process group of its own, as a terminal starts it. */
export class DemoProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = '';

  constructor(args: string[] = [], env: Record<string, string> = {}) {
    this.#child = spawn('node', ['dev/stack/demo.mjs', '--dir', drillDir, ...args], {
      cwd: checkoutDir,
      env: { ...process.env, DATABASE_URL: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.output += String(part);
      });
    this.ended = new Promise(resolve =>
      this.#child.once('close', (code, signal) => resolve({ code, signal, output: this.output })),
    );
  }

  /** The pid of the starter, which is also its process group's. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Waits until the demo says it is ready; answers after how many ms. Throws its output when it ends instead. */
  async ready(limitMs = startLimitMs): Promise<number> {
    const startedAt = Date.now();
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    while (!this.output.includes('Ready after')) {
      if (over) throw new Error(`the demo ended while starting:\n${this.output}`);
      if (Date.now() - startedAt > limitMs) throw new Error(`the demo did not start:\n${this.output}`);
      await sleep(20);
    }
    return Date.now() - startedAt;
  }

  /** Ctrl-C: the terminal sends SIGINT to the whole group. */
  interrupt(): Promise<Ended> {
    if (startOf(this.pid) !== undefined) process.kill(-this.pid, 'SIGINT');
    return this.ended;
  }
}

/** Starts the demo and waits until it is ready; one that is not within `limitMs` is ended. */
export async function startedDemo(
  args: string[] = [],
  env: Record<string, string> = {},
  limitMs = startLimitMs,
): Promise<DemoProcess> {
  const demo = new DemoProcess(args, env);
  try {
    await demo.ready(limitMs);
    return demo;
  } catch (error) {
    await demo.interrupt();
    throw error;
  }
}

export const demoFacts = (): DemoFacts => readJson<DemoFacts>(join(drillDir, 'demo.json'));
export const servicesEnv = (): Record<string, string> => readJson<Record<string, string>>(join(drillDir, 'env.json'));

/** Which of these processes still run, and which locks are left: nothing of either may outlive the demo. */
export function leftBehind(before: ProcessRecord[]): string[] {
  const alive = before.filter(isRunning).map(({ name, pid }) => `${name} (pid ${pid})`);
  return [...alive, ...['pids.json', 'env.json', 'demo.json'].filter(name => existsSync(join(drillDir, name)))];
}

/** Runs an operator's command against this demo; answers exit code and output. */
export function cli(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(nodeBinary(), [...tsxArguments('lib/cli/main.ts'), ...args], {
    cwd: checkoutDir,
    env: { ...process.env, ...servicesEnv(), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      output += String(part);
    });
  return new Promise(resolve => child.once('close', code => resolve({ code: code ?? 1, output: output.trimEnd() })));
}
