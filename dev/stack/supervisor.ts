/** Starts processes in the order given, watches them, and ends apps before services; survives being killed itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, isRunning, type ProcessRecord, startOf } from '@/dev/stack/processes';

/** One process to supervise; `healthy` is asked until it says true. */
export type ProcessPlan = {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Apps are ended before the services they use. */
  stage?: 'service' | 'app';
  user?: { uid: number; gid: number } | undefined;
  stopSignal?: NodeJS.Signals;
  /** How long it may drain before it is killed. */
  graceMs?: number;
  startTimeoutMs?: number;
  healthy: () => Promise<boolean>;
};

type Running = { plan: ProcessPlan; child: ChildProcess; record: ProcessRecord };
type PidFile = { supervisor?: ProcessRecord; children: (ProcessRecord & { stopSignal?: NodeJS.Signals })[] };

/** True once a GET answers 2xx. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

export class Supervisor {
  readonly #running: Running[] = [];
  readonly #pidFile: string;
  #stopping: Promise<void> | undefined;
  /** Called once with a sentence when a process ends that nobody asked to end. */
  onCrash: (sentence: string) => void = () => {};

  private constructor(readonly dir: string) {
    this.#pidFile = join(dir, 'pids.json');
  }

  /** Takes the folder from a killed supervisor, ending what it left; a live one is refused, or ended with `replace`. */
  static async open(dir: string, replace = false): Promise<Supervisor> {
    mkdirSync(join(dir, 'logs'), { recursive: true });
    const supervisor = new Supervisor(dir);
    const before = supervisor.#readPids().supervisor;
    if (before && before.pid !== process.pid && isRunning(before)) {
      if (!replace) throw new Error(`The services in ${dir} are already run by process ${before.pid}.`);
      await endProcess(before, 'SIGTERM', 60_000);
    }
    const left = supervisor.#readPids().children;
    for (const record of left.reverse()) await endProcess(record, record.stopSignal ?? 'SIGTERM', 10_000);
    supervisor.#writePids();
    return supervisor;
  }

  logFile(name: string): string {
    return join(this.dir, 'logs', `${name}.log`);
  }

  pidOf(name: string): number {
    const found = this.#running.find(({ plan }) => plan.name === name);
    if (!found) throw new Error(`${name} is not running.`);
    return found.record.pid;
  }

  /** Of a process that was started again under its name; a proof that kills parts asks for it. */
  newestPidOf(name: string): number {
    const found = this.#running.findLast(({ plan }) => plan.name === name);
    if (!found) throw new Error(`${name} was never started.`);
    return found.record.pid;
  }

  /** Starts one process and waits until it is healthy; throws a sentence with the end of its log when it is not. */
  async start(plan: ProcessPlan): Promise<void> {
    if (this.#stopping) throw new Error('Stopping.');
    const running = this.#spawn(plan);
    const until = Date.now() + (plan.startTimeoutMs ?? 60_000);
    while (!(await plan.healthy())) {
      if (this.#stopping) throw new Error('Stopping.');
      if (!isRunning(running.record)) throw new Error(`${plan.name} ended while starting.${this.#logEnd(plan.name)}`);
      if (Date.now() > until) throw new Error(`${plan.name} does not answer.${this.#logEnd(plan.name)}`);
      await sleep(50);
    }
  }

  /** Ends everything in reverse order; safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  #spawn(plan: ProcessPlan): Running {
    const log = openSync(this.logFile(plan.name), 'a');
    // Own process groups: a Ctrl-C in the terminal reaches only the supervisor, which then ends them in order.
    const child = spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: { ...process.env, ...plan.env },
      stdio: ['ignore', log, log],
      detached: true,
      ...plan.user,
    });
    closeSync(log);
    child.on('error', () => {});
    const pid = child.pid;
    if (pid === undefined) throw new Error(`${plan.name} cannot be started: ${plan.command} does not run.`);
    const record = { name: plan.name, pid, startedAt: startOf(pid) ?? '' };
    const running = { plan, child, record };
    this.#running.push(running);
    this.#writePids();
    child.once('exit', (code, signalName) => this.#ended(running, code, signalName));
    return running;
  }

  #ended(running: Running, code: number | null, signalName: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    const { name } = running.plan;
    const how = signalName ? `was ended by ${signalName}` : `ended with code ${code}`;
    this.onCrash(`${name} (pid ${running.record.pid}) ${how}.${this.#logEnd(name)}`);
  }

  async #stopAll(): Promise<void> {
    for (const stage of ['app', 'service'] as const) {
      const ending = this.#running.filter(({ plan }) => (plan.stage ?? 'service') === stage);
      await Promise.all(
        ending.map(({ plan, record }) => endProcess(record, plan.stopSignal ?? 'SIGTERM', plan.graceMs ?? 10_000)),
      );
    }
    rmSync(this.#pidFile, { force: true });
  }

  #logEnd(name: string): string {
    const lines = readFileSync(this.logFile(name), 'utf8').trimEnd().split('\n').slice(-8);
    return ` The end of ${this.logFile(name)}:\n${lines.map(line => `  ${line.slice(0, 300)}`).join('\n')}`;
  }

  #readPids(): PidFile {
    if (!existsSync(this.#pidFile)) return { children: [] };
    try {
      return JSON.parse(readFileSync(this.#pidFile, 'utf8')) as PidFile;
    } catch {
      // Cut off by a full disk or a power cut; what still runs then holds its port, and the start says so.
      return { children: [] };
    }
  }

  #writePids(): void {
    const own = { name: 'supervisor', pid: process.pid, startedAt: startOf(process.pid) ?? '' };
    const children = this.#running.map(({ record, plan }) => ({ ...record, stopSignal: plan.stopSignal }));
    // Written aside and renamed: a kill in the middle leaves the old list whole.
    writeFileSync(`${this.#pidFile}.tmp`, JSON.stringify({ supervisor: own, children }, null, 2));
    renameSync(`${this.#pidFile}.tmp`, this.#pidFile);
  }
}
