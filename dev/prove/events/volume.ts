/** Many events over many tables: memory stays flat, the log's partitions are dropped. */
import { readFileSync } from 'node:fs';
import { backlog } from '@/dev/prove/events/landed';
import type { Sender } from '@/dev/prove/events/sender';
import type { Stand } from '@/dev/prove/events/stand';
import { check, say } from '@/dev/prove/report';
import { pool } from '@/lib/platform/db';

const everyMs = 10_000;
/** What a process may grow between the second fifth and the end. */
const growth = 1.5;

function rssMb(pid: number): number {
  const [, kb = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1_024);
}

async function partitions(): Promise<number> {
  const sql = `SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'ingest_log'::regclass`;
  return Number((await pool().query<{ n: string }>(sql)).rows[0]?.n ?? 0);
}

/** Sends so many events as fast as they are taken and watches the processes meanwhile. */
export async function volume(stand: Stand, sender: Sender, events: number): Promise<void> {
  const seen: { plane: number; worker: number }[] = [];
  const startedAt = performance.now();
  const running = sender.run({ events });
  const watch = setInterval(async () => {
    const { supervisor } = stand.stack;
    seen.push({ plane: rssMb(supervisor.newestPidOf('data-plane')), worker: rssMb(supervisor.newestPidOf('worker')) });
    const { plane, worker } = seen.at(-1) ?? { plane: 0, worker: 0 };
    const { rows } = await backlog();
    say(
      `${sender.sent} sent; data plane ${plane} MB, worker ${worker} MB; ${rows} rows wait; ${await partitions()} partitions`,
    );
  }, everyMs);
  await running;
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1_000;
  say(`${sender.acknowledged.length} events taken in ${seconds.toFixed(0)} s: ${Math.round(sender.sent / seconds)}/s`);
  const settled = seen.slice(Math.floor(seen.length / 5));
  for (const part of ['plane', 'worker'] as const) {
    const sizes = settled.map(sample => sample[part]);
    const [first = 0] = sizes;
    check(Math.max(...sizes) <= first * growth, `memory of the ${part} is flat: ${first} → ${Math.max(...sizes)} MB`);
  }
}
