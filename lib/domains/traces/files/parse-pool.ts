/** Worker threads that parse blocks, each one at a time, through memory that is shared with them and used again. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ParsedBlock } from '@/lib/domains/traces/files/parse-block';
import type { WorkerAnswer, WorkerFacts, WorkerTask } from '@/lib/domains/traces/files/parse-worker';
import { newMemory } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { newGroupMemory } from '@/lib/domains/traces/parquet/row-groups/row-group';

/** What a block and its rows are handed over in; a copy of each would have the collectors look at the heap all the time. */
type Slot = { input: SharedArrayBuffer; output: SharedArrayBuffer };

/** Whoever has read the group's bytes releases them: until then they keep their memory. */
export type PooledBlock = ParsedBlock & { release: () => void };

type Waiting = {
  slot: Slot;
  length: number;
  resolve: (parsed: PooledBlock) => void;
  reject: (error: unknown) => void;
};

/** Memory of a worker: a block's lines, their objects and rows. */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 64 };
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export class ParsePool {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #free: Slot[] = [];
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
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else if (asked) {
      const { output, length, group, ...parsed } = answer;
      const slot = { input: asked.slot.input, output };
      const bytes = new Uint8Array(output, 0, length);
      asked.resolve({ ...parsed, group: { ...group, bytes }, release: () => this.#free.push(slot) });
    }
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
    worker.postMessage({ ...next.slot, length: next.length } satisfies WorkerTask);
  }

  /** A slot with the block in it. */
  #fill(bytes: Uint8Array): Slot {
    const slot = this.#free.pop() ?? { input: newMemory(bytes.byteLength), output: newGroupMemory() };
    if (slot.input.byteLength < bytes.byteLength) slot.input = newMemory(bytes.byteLength);
    new Uint8Array(slot.input).set(bytes);
    return slot;
  }

  /** Parses a block, whose memory is the caller's again at once; the caller bounds how many wait. Throws what a worker died of. */
  parse(bytes: Uint8Array): Promise<PooledBlock> {
    if (this.#failure) return Promise.reject(this.#failure);
    const slot = this.#fill(bytes);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ slot, length: bytes.byteLength, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }
}
