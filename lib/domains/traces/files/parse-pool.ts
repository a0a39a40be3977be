/** Worker threads that parse blocks, each one at a time. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ParsedBlock } from '@/lib/domains/traces/files/parse-block';
import type { WorkerAnswer, WorkerFacts } from '@/lib/domains/traces/files/parse-worker';

type Waiting = { bytes: Buffer; resolve: (parsed: ParsedBlock) => void; reject: (error: unknown) => void };

/** Memory of a worker: a block's lines, their objects and rows. */
const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 64 };
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export class ParsePool {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #failure: Error | null = null;

  constructor(threads: number, facts: WorkerFacts) {
    this.#workers = Array.from({ length: threads }, () => this.#start(facts));
    this.#idle = [...this.#workers];
  }

  #start(facts: WorkerFacts): Worker {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      workerData: facts,
      execArgv: ['--import', loader],
      resourceLimits,
    });
    worker.on('message', (answer: WorkerAnswer) => this.#answered(worker, answer));
    worker.on('error', error => this.#fail(error instanceof Error ? error : new Error(String(error))));
    return worker;
  }

  #answered(worker: Worker, answer: WorkerAnswer): void {
    const asked = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    if ('parsed' in answer) asked?.resolve(answer.parsed);
    else asked?.reject(new Error(answer.error));
    this.#next();
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of [...this.#busy.values(), ...this.#waiting.splice(0)]) reject(error);
    this.#busy.clear();
  }

  #next(): void {
    const worker = this.#waiting.length > 0 ? this.#idle.pop() : undefined;
    const next = worker && this.#waiting.shift();
    if (!worker || !next) return;
    this.#busy.set(worker, next);
    const { buffer, byteOffset, byteLength } = next.bytes;
    worker.postMessage(byteLength === buffer.byteLength ? new Uint8Array(buffer, byteOffset, byteLength) : next.bytes);
  }

  /** Parses a block; the caller bounds how many wait. Throws what a worker died of. */
  parse(bytes: Buffer): Promise<ParsedBlock> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }
}
