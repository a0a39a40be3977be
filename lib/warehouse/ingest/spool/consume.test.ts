import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { db, type Tx } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { settleChunks, takeChunks, waitingTables } from '@/lib/warehouse/ingest/spool/chunks';
import { type Consumer, consumeOnce, defineConsumer, type Round } from '@/lib/warehouse/ingest/spool/consume';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';
import { readPosition } from '@/lib/warehouse/ingest/spool/positions';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());

beforeEach(async () => {
  await db().execute(
    sql`TRUNCATE ingest_log, ingest_positions, ingest_tables, ingest_chunks, ingest_chunk_bodies RESTART IDENTITY`,
  );
});
afterEach(closeIngestLogs);

const target = { dataset: 'shop', tableName: 'tracks' };

function chunkOf(bodies: string[], tableName = target.tableName): NewChunk {
  return {
    ...target,
    tableName,
    chunkId: newUuid(),
    log: 'events',
    customerId: 'cus_test',
    mode: 'append',
    columns: { id: ['STRING'] },
    ndjson: bodies.map(id => `${JSON.stringify({ id })}\n`).join(''),
    rows: bodies.length,
  };
}

const consumer = (run: Consumer['run'], name = 'test') => defineConsumer({ log: 'events', name, run });
const toTracks = consumer(async (_tx, entries) => [chunkOf(entries.map(({ body }) => body))]);
const append = (...bodies: string[]) =>
  Promise.all(bodies.map(body => ingestLog('events').append({ key: 'src', meta: '{}', body })));

async function spooled(tableName = target.tableName): Promise<string[]> {
  const chunks = await takeChunks({ ...target, tableName }, { rows: 1_000_000, bytes: 100_000_000 });
  return chunks.flatMap(({ ndjson }) =>
    ndjson
      .split('\n')
      .filter(line => line !== '')
      .map(line => (JSON.parse(line) as { id: string }).id),
  );
}

test('each entry is handed on once and in order, and the position follows', async () => {
  const [first] = await append('a', 'b', 'c');
  expect(await consumeOnce(toTracks)).toEqual({ entries: 3, more: false });
  expect(await consumeOnce(toTracks)).toEqual({ entries: 0, more: false });
  await append('d');
  expect(await consumeOnce(toTracks)).toEqual({ entries: 1, more: false });
  expect(await spooled()).toEqual(['a', 'b', 'c', 'd']);
  const place = { log: 'events', shard: first?.shard ?? 0, consumer: 'test' } as const;
  expect(await readPosition(place)).toBe((first?.position ?? 0) + 3);
});

test('a transaction takes a bounded stretch, and the round tells that it is worth while to go on', async () => {
  const bodies = Array.from({ length: 2_100 }, (_, index) => `e${index}`);
  await append(...bodies);
  expect(await consumeOnce(toTracks)).toEqual({ entries: 2_000, more: true });
  expect(await consumeOnce(toTracks)).toEqual({ entries: 100, more: false });
  await append(...Array.from({ length: 10 }, () => 'x'.repeat(1_000_000)));
  expect(await consumeOnce(toTracks)).toEqual({ entries: 8, more: true });
  expect((await spooled()).slice(0, 2_100)).toEqual(bodies);
});

test('two consumers of a log each take everything', async () => {
  await append('a', 'b');
  const seen: string[] = [];
  const other = consumer(async (_tx, entries) => {
    seen.push(...entries.map(({ body }) => body));
    return [];
  }, 'other');
  await consumeOnce(toTracks);
  await consumeOnce(other);
  expect(seen).toEqual(['a', 'b']);
  expect(await spooled()).toEqual(['a', 'b']);
});

test('where a run fails nothing of it stays, and the next one takes the same entries', async () => {
  await append('a', 'b');
  const failing = consumer(async (tx, entries) => {
    await tx.execute(sql`INSERT INTO ingest_job_days (day, jobs) VALUES ('2031-01-01', 1)`);
    throw new Error(`no use of ${entries.length} entries`);
  });
  await expect(consumeOnce(failing)).rejects.toThrow('no use of 2 entries');
  expect((await db().execute(sql`SELECT FROM ingest_job_days WHERE day = '2031-01-01'`)).rowCount).toBe(0);
  expect(await consumeOnce(toTracks)).toEqual({ entries: 2, more: false });
  expect(await spooled()).toEqual(['a', 'b']);
});

test('a shard that fails does not hold up the others', async () => {
  await append('good');
  await db().execute(sql`
    INSERT INTO ingest_positions (log, shard, consumer, position) VALUES ('events', 7, '(appender)', 0)`);
  await db().execute(sql`
    INSERT INTO ingest_log (log, shard, position, key, meta, body) VALUES ('events', 7, 1, 'src', '{}', 'bad')`);
  const picky = consumer(async (_tx, entries) => {
    if (entries.some(({ body }) => body === 'bad')) throw new Error('bad entry');
    return [chunkOf(entries.map(({ body }) => body))];
  });
  await expect(consumeOnce(picky)).rejects.toThrow('bad entry');
  expect(await spooled()).toEqual(['good']);
});

test('a shard is consumed by one at a time: who comes meanwhile takes nothing and waits for nothing', async () => {
  await append('a');
  let meanwhile: Round | undefined;
  const slow = consumer(async (_tx, entries) => {
    meanwhile = await consumeOnce(toTracks);
    return [chunkOf(entries.map(({ body }) => body))];
  });
  expect(await consumeOnce(slow)).toEqual({ entries: 1, more: false });
  expect(meanwhile).toEqual({ entries: 0, more: false });
  expect(await spooled()).toEqual(['a']);
});

test('a consumer whose position was moved by another writes nothing', async () => {
  const [place] = await append('a');
  const overtaken = consumer(async (_tx: Tx, entries: Entry[]) => {
    await db().execute(sql`
      INSERT INTO ingest_positions (log, shard, consumer, position)
      VALUES ('events', ${place?.shard ?? 0}, 'test', ${place?.position ?? 0})`);
    return [chunkOf(entries.map(({ body }) => body))];
  });
  await expect(consumeOnce(overtaken)).rejects.toThrow('moved on');
  expect(await spooled()).toEqual([]);
});

test('consumers at once in many rounds hand on every entry exactly once', async () => {
  const bodies = Array.from({ length: 400 }, (_, index) => `e${index}`);
  const appending = (async () => {
    for (let from = 0; from < bodies.length; from += 20) await append(...bodies.slice(from, from + 20));
  })();
  let appended = false;
  const drain = async () => {
    for (;;) {
      const last = appended;
      const { entries } = await consumeOnce(toTracks);
      if (last && entries === 0) return;
    }
  };
  const draining = [drain(), drain(), drain()];
  await appending;
  appended = true;
  await Promise.all(draining);
  await consumeOnce(toTracks);
  expect(await spooled()).toEqual(bodies);
});

test('the loader finds the tables that wait and takes whole chunks within its limits, the oldest first', async () => {
  const chunks = [chunkOf(['a', 'b']), chunkOf(['c', 'd']), chunkOf(['é'], 'pages')];
  await append('entry');
  await consumeOnce(consumer(async () => chunks));
  expect(await waitingTables()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...target, rows: 4, chunks: 2, customerId: 'cus_test', mode: 'append', attempts: 0 }),
      expect.objectContaining({ ...target, tableName: 'pages', rows: 1, bytes: 12 }),
    ]),
  );
  expect(await takeChunks(target, { rows: 3, bytes: 1_000 })).toHaveLength(1);
  expect(await takeChunks(target, { rows: 1, bytes: 1 })).toHaveLength(1);
  const [first, second] = await takeChunks(target, { rows: 4, bytes: 1_000 });
  expect([first?.ndjson, second?.ndjson].sort()).toEqual([chunks[0]?.ndjson, chunks[1]?.ndjson].sort());
  expect(first?.columns).toEqual({ id: ['STRING'] });
  await db().transaction(tx => settleChunks(tx, 'load', [first?.chunkId ?? '', second?.chunkId ?? '']));
  expect(await takeChunks(target, { rows: 4, bytes: 1_000 })).toEqual([]);
  expect(await spooled('pages')).toEqual(['é']);
  expect(await waitingTables()).toHaveLength(1);
  const left = await db().execute(sql`SELECT chunk_id FROM ingest_chunk_bodies`);
  expect(left.rows).toEqual([{ chunk_id: chunks[2]?.chunkId }]);
});
