import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LogFixture, logContract } from '@/dev/testing/ingest/log-contract';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { Wire } from '@/dev/testing/wire';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import type { IngestLog } from '@/lib/warehouse/ingest/log/log';
import { listPartitions, logPartitions, preparePartitions } from '@/lib/warehouse/ingest/log/partitions';
import { type PostgresLogOptions, postgresLog } from '@/lib/warehouse/ingest/log/postgres-log';
import { movePosition, readPosition } from '@/lib/warehouse/ingest/spool/positions';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());

let opened: IngestLog[] = [];
let laterMs = 0;
const clock = () => new Date(Date.now() + laterMs);

function open(options: PostgresLogOptions = {}): IngestLog {
  const log = postgresLog('events', { shards: 4, clock, reopenMs: 0, ...options });
  opened.push(log);
  return log;
}

const fixture: LogFixture = {
  open: async () => open(),
  settle: (consumer, { shard, position }) =>
    db().transaction(async tx => {
      const of = { log: 'events', shard, consumer } as const;
      await movePosition(tx, of, await readPosition(of, tx), position);
    }),
  passHours: hours => {
    laterMs += hours * 3_600_000;
  },
};

beforeEach(async () => {
  await db().execute(sql`TRUNCATE ingest_log`);
  await db().execute(sql`TRUNCATE ingest_positions`);
});
afterEach(async () => {
  await Promise.all(opened.map(log => log.close()));
  opened = [];
});

const entry = (body: string) => ({ key: 'source', meta: '{}', body });
const bodies = async () =>
  (await db().execute<{ body: string }>(sql`SELECT body FROM ingest_log ORDER BY shard, position`)).rows.map(
    row => row.body,
  );

describe('the log in Postgres keeps the contract:', () => logContract(() => fixture));

test('a text that Postgres cannot hold fails alone', async () => {
  const log = open();
  const results = await Promise.allSettled(['a', 'b', 'nul \0', 'c', 'd'].map(body => log.append(entry(body))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(results[2]).toMatchObject({ reason: { code: 'bad_request' } });
  expect(await bodies()).toEqual(['a', 'b', 'c', 'd']);
});

test('beyond what may wait an append is refused at once, and taken again when the others are written', async () => {
  const log = open({ waitingBytes: 1_000 });
  const large = 'x'.repeat(600);
  const [taken, refused] = await Promise.allSettled([log.append(entry(large)), log.append(entry(large))]);
  expect(taken.status).toBe('fulfilled');
  expect(refused).toMatchObject({ reason: { code: 'database_unavailable', retryAfterSeconds: 1 } });
  await log.append(entry(large));
  expect(await bodies()).toHaveLength(2);
});

test('what waits beyond the size of a batch is written in further ones', async () => {
  const log = open({ batchBytes: 250 });
  const places = await Promise.all(Array.from({ length: 20 }, (_, index) => log.append(entry(`${index}`.repeat(50)))));
  const positions = places.map(({ position }) => position);
  expect(positions).toEqual([...positions].sort((one, other) => one - other));
  expect(await bodies()).toHaveLength(20);
});

test('without a free shard an append is refused with a time to come back, and works once one is free', async () => {
  const [holder, late] = [open({ shards: 1 }), open({ shards: 1 })];
  await holder.append(entry('a'));
  await expect(late.append(entry('b'))).rejects.toMatchObject({ code: 'database_unavailable', retryAfterSeconds: 5 });
  await holder.close();
  await late.append(entry('c'));
  expect(await bodies()).toEqual(['a', 'c']);
});

test('where the database is away an append is refused as unavailable, at once while it is known', async () => {
  const log = open({ connectionString: 'postgres://nobody@127.0.0.1:9/none', reopenMs: 60_000 });
  for (let time = 0; time < 2; time++)
    await expect(log.append(entry('a'))).rejects.toMatchObject({ code: 'database_unavailable', retryAfterSeconds: 5 });
});

test('after the end of its connection the process takes another one; what was acknowledged is there', async () => {
  const log = open();
  const first = await log.append(entry('before'));
  const killer = new pg.Client({ connectionString: env().DATABASE_URL });
  await killer.connect();
  await killer.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
     WHERE locktype = 'advisory' AND datname = current_database()`,
  );
  await killer.end();
  const acknowledged = ['before'];
  for (const body of ['a', 'b', 'c'])
    await log.append(entry(body)).then(
      () => acknowledged.push(body),
      error => expect(error).toMatchObject({ code: 'database_unavailable' }),
    );
  const after = await log.append(entry('after'));
  expect(await bodies()).toEqual([...acknowledged, 'after']);
  if (after.shard === first.shard) expect(after.position).toBeGreaterThan(first.position);
});

test('a connection that falls silent is given up in time, and the next appends go to another shard', async () => {
  const wire = new Wire(env().DATABASE_URL);
  const log = open({ connectionString: await wire.listen(), answerWithinMs: 300 });
  const first = await log.append(entry('before'));
  wire.freeze();
  await expect(log.append(entry('lost in silence'))).rejects.toMatchObject({ code: 'database_unavailable' });
  const after = await log.append(entry('after'));
  expect(after.shard).not.toBe(first.shard);
  await log.close();
  wire.close();
});

test('a clock that goes back puts no entry before an earlier one', async () => {
  const log = open();
  const first = await log.append(entry('a'));
  laterMs -= 2 * 3_600_000;
  await log.append(entry('b'));
  await log.close();
  const next = open();
  const last = await next.append(entry('c'));
  const times = (await next.read(first.shard, first.position - 1, { entries: 10, bytes: 1_000 })).map(read =>
    read.appendedAt.getTime(),
  );
  expect(times).toEqual([times[0], times[0], times[0]]);
  expect(last.shard).toBe(first.shard);
});

test('rows that had no partition are moved to one of their hour, and the hours ahead are there', async () => {
  await db().execute(sql`
    INSERT INTO ingest_log (log, shard, position, appended_at, key, meta, body)
    VALUES ('events', 0, 1, '2106-02-07T06:28:15Z', 'source', '{}', 'late'),
      ('events', 0, 2, '1970-01-01T00:00:00Z', 'source', '{}', 'early')`);
  const now = new Date('2031-12-31T22:30:00Z');
  expect(await preparePartitions(logPartitions, now)).toBe(6);
  expect(await preparePartitions(logPartitions, now)).toBe(0);
  const names = (await listPartitions(logPartitions)).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'ingest_log_1970_01_01_00',
      'ingest_log_2031_12_31_22',
      'ingest_log_2031_12_31_23',
      'ingest_log_2032_01_01_00',
      'ingest_log_2032_01_01_01',
      'ingest_log_2106_02_07_06',
    ]),
  );
  const { rows } = await db().execute(sql`SELECT count(*)::int AS strays FROM ingest_log_default`);
  expect(rows).toEqual([{ strays: 0 }]);
  expect(await bodies()).toEqual(['late', 'early']);
});

test('appends go on while somebody reads for long, and the drop waits for another time', async () => {
  const log = open();
  const old = await log.append(entry('old'));
  laterMs += 2 * 3_600_000;
  await fixture.settle('one', old);
  const reader = new pg.Client({ connectionString: env().DATABASE_URL });
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT count(*) FROM ingest_log');
  const dropping = log.drop(['one'], 0);
  const started = performance.now();
  for (let round = 0; round < 10; round++) await log.append(entry('new'));
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(await dropping).toBe(0);
  await reader.query('COMMIT');
  await reader.end();
  expect(await log.drop(['one'], 0)).toBeGreaterThan(0);
});

test('an entry that is committed into an hour while it is about to be dropped keeps that hour', async () => {
  const log = open();
  const old = await log.append(entry('old'));
  await fixture.settle('one', old);
  const writer = new pg.Client({ connectionString: env().DATABASE_URL });
  await writer.connect();
  await writer.query('BEGIN');
  await writer.query(
    `INSERT INTO ingest_log (log, shard, position, appended_at, key, meta, body)
     SELECT log, shard, position + 1, appended_at, key, meta, 'under way' FROM ingest_log`,
  );
  laterMs += 2 * 3_600_000;
  const dropping = log.drop(['one'], 0);
  await new Promise(resolve => setTimeout(resolve, 200));
  await writer.query('COMMIT');
  await writer.end();
  await dropping;
  expect(await bodies()).toEqual(['old', 'under way']);
});

test('where a clock goes back behind hours that were dropped, a reader that has seen those misses nothing', async () => {
  const reader = open();
  laterMs += 2 * 3_600_000;
  const log = open();
  const seen = await log.append(entry('seen'));
  expect(await reader.read(seen.shard, 0, { entries: 10, bytes: 1_000 })).toHaveLength(1);
  await log.close();
  await fixture.settle('one', seen);
  laterMs += 2 * 3_600_000;
  await reader.drop(['one'], 0);
  expect(await bodies()).toEqual([]);
  laterMs -= 10 * 3_600_000;
  const later = await open().append(entry('later'));
  expect(later.shard).toBe(seen.shard);
  expect(await reader.read(seen.shard, seen.position, { entries: 10, bytes: 1_000 })).toMatchObject([
    { body: 'later' },
  ]);
});

test('a place that somebody has taken is refused once, and the next appends go behind it', async () => {
  const at = clock();
  const log = open({ clock: () => at });
  const first = await log.append(entry('a'));
  await db().execute(sql`
    INSERT INTO ingest_log (log, shard, position, appended_at, key, meta, body)
    SELECT log, shard, position + 1, appended_at, key, meta, 'not ours' FROM ingest_log`);
  await expect(log.append(entry('b'))).rejects.toMatchObject({ code: 'database_unavailable' });
  const next = await log.append(entry('c'));
  if (next.shard === first.shard) expect(next.position).toBe(first.position + 2);
  expect((await bodies()).sort()).toEqual(['a', 'c', 'not ours']);
});
