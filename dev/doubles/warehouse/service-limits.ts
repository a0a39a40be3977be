/** The limits of BigQuery that a writer may pass, counted on a clock that is given; every one passed is noted. */

export const limitsOfService = {
  /** DML statements a table within 10 s. */
  dmlPerWindow: 25,
  windowMs: 10_000,
  /** Mutating DML statements of a table that run, and that wait, at the same time. */
  running: 2,
  waiting: 20,
  /** API requests a second of one user. */
  requestsPerSecond: 100,
  leastBilledBytes: 10 * 1024 ** 2,
} as const;

/** Instants of a sliding window; older ones are dropped as it moves. */
class Window {
  #instants: number[] = [];
  #first = 0;

  constructor(private readonly lengthMs: number) {}

  /** Notes one; answers how many the window holds with it. */
  add(now: number): number {
    while (this.#first < this.#instants.length && (this.#instants[this.#first] as number) <= now - this.lengthMs)
      this.#first++;
    if (this.#first > 1_000) {
      this.#instants = this.#instants.slice(this.#first);
      this.#first = 0;
    }
    this.#instants.push(now);
    return this.#instants.length - this.#first;
  }

  get isOver(): (now: number) => boolean {
    return now => (this.#instants.at(-1) ?? 0) <= now - this.lengthMs;
  }
}

type Table = { window: Window; running: number; queue: (() => void)[] };

export class ServiceLimits {
  /** What was passed, in the words of the service's own answer; must stay empty. */
  readonly passed: string[] = [];
  /** The most that was seen of each. */
  readonly most = { requests: 0, dml: 0, running: 0, waiting: 0, parallel: 0 };
  requests = 0;
  bytesBilled = 0;
  statements = 0;
  readonly #requests = new Window(1_000);
  readonly #tables = new Map<string, Table>();
  #parallel = 0;
  #swept = 0;

  constructor(private readonly now: () => number) {}

  /** A request of the user. Answers the reason of its refusal, null when it is taken. */
  request(): string | null {
    this.requests++;
    const inWindow = this.#requests.add(this.now());
    this.most.requests = Math.max(this.most.requests, inWindow);
    return inWindow > limitsOfService.requestsPerSecond ? this.#pass('too many API requests a second and user') : null;
  }

  /** A DML statement arrives. Answers the reason of its refusal, or waits until it may run. */
  async enter(name: string): Promise<string | null> {
    const table = this.#tableOf(name);
    const inWindow = table.window.add(this.now());
    this.most.dml = Math.max(this.most.dml, inWindow);
    if (inWindow > limitsOfService.dmlPerWindow) return this.#pass(`too many DML statements in 10 s: ${name}`);
    if (table.running >= limitsOfService.running) {
      if (table.queue.length >= limitsOfService.waiting)
        return this.#pass(`too many DML statements outstanding: ${name}`);
      const turn = new Promise<void>(resolve => table.queue.push(resolve));
      this.most.waiting = Math.max(this.most.waiting, table.queue.length);
      await turn;
    }
    table.running++;
    this.#parallel++;
    this.most.running = Math.max(this.most.running, table.running);
    this.most.parallel = Math.max(this.most.parallel, this.#parallel);
    return null;
  }

  /** A statement that had entered has ended; answers what it bills. */
  leave(name: string, bytesProcessed: number): number {
    const table = this.#tableOf(name);
    table.running--;
    this.#parallel--;
    table.queue.shift()?.();
    this.statements++;
    const billed = Math.max(limitsOfService.leastBilledBytes, bytesProcessed);
    this.bytesBilled += billed;
    return billed;
  }

  #pass(limit: string): string {
    if (this.passed.length < 100) this.passed.push(limit);
    return limit;
  }

  #tableOf(name: string): Table {
    this.#sweep();
    const known = this.#tables.get(name);
    if (known) return known;
    const table = { window: new Window(limitsOfService.windowMs), running: 0, queue: [] };
    this.#tables.set(name, table);
    return table;
  }

  /** Forgets tables that nobody wrote for a while, as a simulation of days would keep them all. */
  #sweep(): void {
    const now = this.now();
    if (now < this.#swept + 60_000) return;
    this.#swept = now;
    for (const [name, { window, running, queue }] of this.#tables)
      if (running === 0 && queue.length === 0 && window.isOver(now)) this.#tables.delete(name);
  }
}
