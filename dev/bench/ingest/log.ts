/** The ingest log alone: appends of single events and of batches, with and without readers, and a consumer that does nothing but spool. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Line } from '@/dev/bench/report';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';
import { consumeOnce, defineConsumer } from '@/lib/warehouse/ingest/spool/consume';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';

const singleCallers = 256;
const batchCallers = 16;
const eventsInBatch = 100;
/** A reader has begun after this. */
const readerStartMs = 2_000;
/** Tables that the entries of one transaction go to. */
const tablesAtOnce = 50;
const meta = JSON.stringify({
  kind: 'track',
  receivedAt: '2026-01-01T00:00:00.000Z',
  ip: '203.0.113.7',
  userAgent: 'x',
});

const event = (index: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: newUuid(),
  userId: `user-${index % 997}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  context: { library: { name: 'analytics.js', version: '1.0' }, page: { path: `/shop/${index}`, title: 'Shop' } },
  properties: { orderId: newUuid(), total: index / 7, currency: 'EUR', items: [index, index + 1] },
});
const single = (index: number): NewEntry => ({ key: 'src', meta, body: JSON.stringify(event(index)) });
const batch = (index: number): NewEntry => ({
  key: 'src',
  meta,
  body: JSON.stringify({ batch: Array.from({ length: eventsInBatch }, (_, item) => event(index + item)) }),
});

/** Calls a second that `callers` at once get done, each with the next one ready. */
async function perSecond(seconds: number, callers: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1_000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < endMs) {
      await call(done);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (done * 1_000) / (performance.now() - startedMs);
}

/** The floor: the same text, one committed row each, over ten connections. */
async function bareInserts(seconds: number, entries: NewEntry[]): Promise<number> {
  const pool = new pg.Pool({ connectionString: env().DATABASE_URL, max: 10 });
  await pool.query('CREATE TABLE bare_log (id bigserial PRIMARY KEY, body text NOT NULL)');
  const insert = (index: number) =>
    pool.query('INSERT INTO bare_log (body) VALUES ($1)', [entries[index % entries.length]?.body]);
  return perSecond(seconds, singleCallers, insert).finally(() => pool.end());
}

/** While another process follows every shard. */
async function besideReader<Result>(work: () => Promise<Result>): Promise<Result> {
  const reader = spawn(nodeBinary(), tsxArguments('dev/bench/ingest/reader.ts'), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await sleep(readerStartMs);
    return await work();
  } finally {
    reader.kill('SIGKILL');
  }
}

/** A consumer whose every transaction writes to many tables. */
const spooler = defineConsumer({
  log: 'events',
  name: 'bench',
  run: async (_tx, entries) =>
    Array.from({ length: tablesAtOnce }, (_, table): NewChunk => {
      const rows = entries.filter((_entry, index) => index % tablesAtOnce === table);
      return {
        chunkId: newUuid(),
        log: 'events',
        dataset: 'bench',
        tableName: `table_${table}`,
        customerId: 'bench',
        mode: 'append',
        columns: { id: ['STRING'], received_at: ['TIMESTAMP'] },
        ndjson: rows.map(({ body }) => `${body}\n`).join(''),
        rows: rows.length,
      };
    }).filter(({ rows }) => rows > 0),
});

type Consumed = { entries: number; rounds: number; seconds: number };

async function consume(): Promise<Consumed> {
  const startedMs = performance.now();
  let [entries, rounds] = [0, 0];
  for (;;) {
    const round = await consumeOnce(spooler);
    if (round.entries === 0) return { entries, rounds, seconds: (performance.now() - startedMs) / 1_000 };
    entries += round.entries;
    rounds += 1;
  }
}

/** Lines of the table; on the database of the environment. */
export async function logLines(seconds: number): Promise<Line[]> {
  const log = ingestLog('events');
  const singles = Array.from({ length: 5_000 }, (_, index) => single(index));
  const batches = Array.from({ length: 200 }, (_, index) => batch(index));
  const appendSingle = (index: number) => log.append(singles[index % singles.length] as NewEntry);
  const appendBatch = (index: number) => log.append(batches[index % batches.length] as NewEntry);
  try {
    const bare = await bareInserts(seconds, singles);
    const alone = await perSecond(seconds, singleCallers, appendSingle);
    const read = await besideReader(() => perSecond(seconds, singleCallers, appendSingle));
    const inBatches = await perSecond(seconds, batchCallers, appendBatch);
    const consumed = await consume();
    const share = (value: number, of: number) => (value / of).toFixed(2);
    const each = (value: number) => value / consumed.seconds;
    return [
      { what: 'bare inserts, a row a commit', value: bare, unit: '/s' },
      { what: 'log, single appends', value: alone, unit: '/s', ratio: `${share(alone, bare)} of bare inserts` },
      {
        what: 'log, single appends while a reader follows',
        value: read,
        unit: '/s',
        ratio: `${share(read, alone)} of without`,
      },
      { what: `log, events in batches of ${eventsInBatch}`, value: inBatches * eventsInBatch, unit: '/s' },
      { what: 'consumer that only spools, requests', value: each(consumed.entries), unit: '/s' },
      { what: 'consumer that only spools, chunks', value: each(consumed.rounds * tablesAtOnce), unit: '/s' },
    ];
  } finally {
    await closeIngestLogs();
  }
}
