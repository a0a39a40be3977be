/** Where load jobs are too few for what was asked, busy tables of added rows go by streams, and only while there are bytes for it. */
import { expect, test } from 'vitest';
import { withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { type LoadLimits, loadContext } from '@/lib/warehouse/ingest/load/deps';
import { LoadSchedule } from '@/lib/warehouse/ingest/load/schedule';
import type { WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';
import { ingestJobDays, ingestTables } from '@/lib/warehouse/ingest/tables';

const { dataset } = withIngestDatasets('schedule');
/** A day of the test's own: the tables loaded of late, and the budget, are all that it knows. */
const ownDay = () => new Date(Date.UTC(2100 + Math.floor(Math.random() * 800), Math.floor(Math.random() * 12), 3, 12));
const busy = { rowsPerHour: 360_000, mode: 'append' } as const;

async function scheduleOf(now: Date, limits: Partial<LoadLimits> = {}) {
  const tables = [
    ...Array.from({ length: 20 }, (_, index) => ({ tableName: `busy_${index}`, ...busy })),
    { tableName: 'users', rowsPerHour: 360_000, mode: 'latest' as const },
    { tableName: 'quiet', rowsPerHour: 10, mode: 'append' as const },
  ];
  const rows = tables.map(table => ({
    ...table,
    dataset: dataset(),
    log: 'events' as const,
    customerId: 'cus_of_a_test',
    firstSeenAt: now,
    lastLoadedAt: now,
  }));
  await db().insert(ingestTables).values(rows);
  // 450 jobs for half a day: 20 busy tables would wait most of an hour, and even one that is not streamed longer than was asked for.
  const all = { jobsPerDay: 500, intervalSeconds: 60, streamBytesPerDay: 1e12, ...limits };
  const schedule = new LoadSchedule(
    loadContext({ bigquery: bigquery(), definitions: [], clock: () => now, limits: all }),
  );
  const waiting = rows.map(
    (row): WaitingTable => ({
      ...row,
      chunks: 1,
      rows: 100,
      bytes: 50_000,
      attempts: 0,
      blockedUntil: null,
      oldestAt: new Date(now.getTime() - 90_000),
    }),
  );
  const due = (await schedule.due(waiting)).map(({ tableName }) => tableName);
  return {
    due,
    sinkOf: (name: string) => schedule.sinkOf(waiting.find(row => row.tableName === name) as WaitingTable),
  };
}

test('busy tables are streamed and due as often as was asked for; quiet ones and latest rows take load jobs', async () => {
  const { due, sinkOf } = await scheduleOf(ownDay());
  expect(sinkOf('busy_0')).toBe('stream');
  expect(sinkOf('users')).toBe('load_job');
  expect(sinkOf('quiet')).toBe('load_job');
  expect(due).toContain('busy_19');
  expect(due).not.toContain('quiet');
});

test('with jobs enough nothing is streamed', async () => {
  const { sinkOf } = await scheduleOf(ownDay(), { jobsPerDay: 80_000 });
  expect(sinkOf('busy_0')).toBe('load_job');
});

test('with streams switched off load jobs carry all', async () => {
  expect((await scheduleOf(ownDay(), { streamBytesPerDay: 0 })).sinkOf('busy_0')).toBe('load_job');
});

test('with the day’s bytes spent load jobs carry all', async () => {
  const now = ownDay();
  await db()
    .insert(ingestJobDays)
    .values({ day: now.toISOString().slice(0, 10), streamBytes: 1e12 });
  expect((await scheduleOf(now)).sinkOf('busy_0')).toBe('load_job');
});
