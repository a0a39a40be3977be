/** One analyzer process: texts go in by standard input, one at a time, and their answers come out a line each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What the process answers to a text; see lib/platform/sql-analyzer/analyzer/main.go. */
export type ChildAnswer = {
  id: number;
  ok: boolean;
  tables?: string[];
  columns?: { name: string; type: string }[];
  message?: string;
  line?: number;
  column?: number;
  fault?: string;
};

export type TextLimits = {
  /** Of the processor: a text is not to blame for a busy machine. */
  cpuMs: number;
  /** In any case. */
  ms: number;
  rssBytes: number;
};

/** The process ended, or was ended because it took too long, before it answered. */
export class ChildGone extends Error {
  override name = 'ChildGone';
}

const startMs = 10_000;
const weighEveryMs = 25;
const pageBytes = 4_096;
/** Of /proc, on every Linux that Node runs on. */
const tickMs = 10;

export class AnalyzerChild {
  readonly #process: ChildProcess;
  #waiting: { resolve: (line: string) => void; reject: (error: ChildGone) => void } | undefined;
  #gone: string | undefined;
  #nextId = 1;
  #answered = 0;

  private constructor(path: string) {
    // Nothing of our environment, which holds secrets.
    const nothing = {} as NodeJS.ProcessEnv;
    this.#process = spawn(path, [], { stdio: ['pipe', 'pipe', 'ignore'], env: nothing });
    const { stdin, stdout } = this.#process;
    // Nothing waits for it at the end: with our end of the pipe closed it ends by itself.
    this.#process.unref();
    for (const pipe of [stdin, stdout]) (pipe as Socket | null)?.unref();
    this.#process.once('error', error => this.#end(error.message));
    this.#process.once('exit', (code, signal) => this.#end(`it ended with ${signal ?? code}`));
    stdin?.on('error', error => this.#end(error.message));
    if (stdout) createInterface({ input: stdout }).on('line', line => this.#take(line));
  }

  /** Starts one and waits until it is ready; throws ChildGone where it cannot be started. */
  static async start(path: string): Promise<AnalyzerChild> {
    const child = new AnalyzerChild(path);
    await child.#line(undefined, startMs);
    return child;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  /** How many texts it has answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Memory that it holds, and processor time that it has had since its start; nulls where the system does not tell. */
  usage(): { rssBytes: number | null; cpuMs: number | null } {
    try {
      // After the name, which may hold spaces: the state is field 3, user and system time 14 and 15, resident pages 24.
      const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const field = (number: number) => Number(fields[number - 3]);
      return { rssBytes: field(24) * pageBytes, cpuMs: (field(14) + field(15)) * tickMs };
    } catch {
      return { rssBytes: null, cpuMs: null };
    }
  }

  /**
   * Asks for one text, while no other is under way; the answer says how long the processor worked on it. Beyond a limit it ends
   * the process and throws ChildGone.
   */
  async ask(
    question: { sql: string; tables: unknown },
    limits: TextLimits,
  ): Promise<{ answer: ChildAnswer; cpuMs: number }> {
    const id = this.#nextId++;
    const began = performance.now();
    const cpuBefore = this.usage().cpuMs ?? 0;
    const weigh = setInterval(() => {
      const { rssBytes, cpuMs } = this.usage();
      if ((rssBytes ?? 0) > limits.rssBytes) this.kill(`more than ${limits.rssBytes} bytes of memory`);
      if ((cpuMs ?? 0) - cpuBefore > limits.cpuMs) this.kill(`more than ${limits.cpuMs} ms of processor time`);
    }, weighEveryMs);
    const asked = this.#line(`${JSON.stringify({ id, ...question })}\n`, limits.ms);
    const line = await asked.finally(() => clearInterval(weigh));
    const answer = JSON.parse(line) as ChildAnswer;
    if (answer.id !== id) {
      this.kill('it answered another text');
      throw new ChildGone('it answered another text');
    }
    this.#answered += 1;
    const cpuAfter = this.usage().cpuMs;
    return { answer, cpuMs: cpuAfter === null ? performance.now() - began : cpuAfter - cpuBefore };
  }

  /** Ends it at once, in the middle of a text too. */
  kill(why: string): void {
    this.#process.kill('SIGKILL');
    this.#end(why);
  }

  #line(text: string | undefined, withinMs: number): Promise<string> {
    if (this.#gone !== undefined) return Promise.reject(new ChildGone(this.#gone));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(`no answer within ${withinMs} ms`), withinMs);
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          this.#waiting = undefined;
          settle(value);
        };
      this.#waiting = { resolve: settled(resolve), reject: settled(reject) };
      if (text !== undefined) this.#process.stdin?.write(text);
    });
  }

  #take(line: string): void {
    // A line that nobody waits for would be taken for the answer to the next text.
    if (this.#waiting) this.#waiting.resolve(line);
    else this.kill('it answered unasked');
  }

  #end(why: string): void {
    this.#gone ??= why;
    this.#waiting?.reject(new ChildGone(this.#gone));
  }
}
