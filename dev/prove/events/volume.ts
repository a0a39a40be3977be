/** Many events over many tables: memory stays level, and hours of the log are dropped once they are settled. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hours } from '@/dev/prove/events/hours';
import { backlog, drained } from '@/dev/prove/events/landed';
import type { Sender } from '@/dev/prove/events/sender';
import type { Stand } from '@/dev/prove/events/stand';
import { heapMbOf, isLevel, riseOf, rssMbOf, type Sample, windowsOf } from '@/dev/prove/memory';
import { check, say } from '@/dev/prove/report';
import { pool } from '@/lib/platform/db';

const everyMs = 2_000;
const toldEveryMs = 30_000;
/** Windows that memory is compared in. The first is no part of it: a process has its size only once it has done all that it does. */
const windows = 11;
/** Hours that pass while events are sent. */
const hours = 8;
const drainMs = 3_600_000;
/** The worker looks each minute for hours to drop. */
const dropMs = 150_000;

const emptyBytes = 65_536;

const watched = ['data-plane', 'worker'] as const;

type Hour = { name: string; bytes: number; isOver: boolean };

/** The hours of the log that have a partition; an empty one takes no 64 kB. */
async function hoursOfLog(): Promise<Hour[]> {
  const current = `'ingest_log_' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY_MM_DD_HH24')`;
  const { rows } = await pool().query<{ name: string; bytes: string; over: boolean }>(`
    SELECT relname AS name, pg_total_relation_size(inhrelid) AS bytes, relname < ${current} AS over
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'ingest_log'::regclass AND relname <> 'ingest_log_default'`);
  return rows.map(({ name, bytes, over }) => ({ name, bytes: Number(bytes), isOver: over }));
}

class Watch {
  readonly samples: Record<(typeof watched)[number], Sample[]> = { 'data-plane': [], worker: [] };
  readonly #over = new Set<string>();
  readonly #startedAt = performance.now();
  #toldAt = 0;
  #mb = 0;
  #mostMb = 0;
  #left = new Set<string>();
  #ended = false;
  readonly #running: Promise<void>;

  constructor(
    readonly stand: Stand,
    readonly sender: Sender,
  ) {
    this.#running = this.#run();
  }

  /** Hours that held events and are over. */
  get over(): number {
    return this.#over.size;
  }

  /** Those of them that are gone. */
  get dropped(): number {
    return [...this.#over].filter(name => !this.#left.has(name)).length;
  }

  get log(): string {
    const [now, most] = [this.#mb, this.#mostMb].map(mb => mb.toFixed(0));
    return `${this.dropped} of ${this.over} hours of the log dropped; it takes ${now} MB, ${most} MB at most`;
  }

  get durationMs(): number {
    return performance.now() - this.#startedAt;
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#running;
    await this.#look();
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      // On a busy machine an answer may come too late; the next look is soon.
      await this.#look().catch(error => say(`not looked: ${error.message}`));
      await sleep(everyMs);
    }
  }

  async #look(): Promise<void> {
    const sizes: string[] = [];
    for (const part of watched) {
      const rssMb = rssMbOf(this.stand.stack.supervisor.newestPidOf(part));
      const heapMb = await heapMbOf(`http://127.0.0.1:${this.stand.ports[part]}`);
      this.samples[part].push({ atMs: this.durationMs, rssMb, heapMb });
      sizes.push(`${part} ${rssMb.toFixed(0)} MB (heap ${heapMb.toFixed(0)})`);
    }
    const kept = await hoursOfLog();
    for (const { name, bytes, isOver } of kept) if (isOver && bytes > emptyBytes) this.#over.add(name);
    this.#left = new Set(kept.map(({ name }) => name));
    this.#mb = kept.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576;
    this.#mostMb = Math.max(this.#mostMb, this.#mb);
    if (this.durationMs - this.#toldAt < toldEveryMs) return;
    this.#toldAt = this.durationMs;
    const { entries, rows } = await backlog();
    say(
      `${(this.durationMs / 1_000).toFixed(0)} s: ${this.sender.sent} sent, ${entries} requests and ${rows} rows wait; ` +
        `${sizes.join(', ')}; ${this.log}`,
    );
  }
}

/** An hour passes after each equal part of the events. */
async function passHours(clock: Hours, sender: Sender, events: number, isOver: () => boolean): Promise<void> {
  for (let passed = 0; passed < hours; passed++) {
    while (sender.sent < (events * (passed + 1)) / (hours + 1) && !isOver()) await sleep(100);
    await clock.pass();
  }
}

/** Waits until the hours that are over are gone, as long as the worker may take for it. */
async function waitForDrops(): Promise<void> {
  for (const until = Date.now() + dropMs; Date.now() < until; await sleep(everyMs))
    if (!(await hoursOfLog()).some(({ isOver }) => isOver)) return;
}

function tellMemory(watch: Watch): void {
  for (const part of watched) {
    const [, ...compared] = windowsOf(watch.samples[part], watch.durationMs, windows);
    const { median, p90 } = riseOf(compared);
    const percent = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
    say(`${part}: median MB by window ${compared.map(window => window.median.toFixed(0)).join(' ')}`);
    say(`${part}: heap in use ${compared.map(window => window.heapMedian.toFixed(0)).join(' ')}`);
    const most = Math.max(...compared.map(({ max }) => max)).toFixed(0);
    check(isLevel(compared), `memory of ${part} is level: ${percent(median)}, tops ${percent(p90)}, most ${most} MB`);
  }
}

/** Sends so many events as fast as they are taken, over some hours, and watches processes and log until all is loaded. */
export async function volume(stand: Stand, sender: Sender, events: number, clock: Hours): Promise<void> {
  const watch = new Watch(stand, sender);
  let over = false;
  const running = sender.run({ events }).finally(() => {
    over = true;
  });
  await Promise.all([running, passHours(clock, sender, events, () => over)]);
  const seconds = watch.durationMs / 1_000;
  say(`${sender.acknowledged.size} events taken in ${seconds.toFixed(0)} s: ${Math.round(sender.sent / seconds)}/s`);
  await drained(drainMs);
  say(`all of them loaded after ${(watch.durationMs / 1_000).toFixed(0)} s`);
  tellMemory(watch);
  await waitForDrops();
  await watch.stop();
  check(watch.over >= hours && watch.dropped === watch.over, watch.log);
}
