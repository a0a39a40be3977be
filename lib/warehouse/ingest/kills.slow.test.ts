/** What the log and its consumers promise when processes are killed at any moment: what was acknowledged takes effect, once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bodiesConsumer, bodiesSpooled } from '@/dev/testing/ingest/bodies-consumer';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { db } from '@/lib/platform/db';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());
beforeEach(async () => {
  await db().execute(sql`TRUNCATE ingest_log, ingest_positions, ingest_tables, ingest_chunks, ingest_chunk_bodies`);
});
afterEach(closeIngestLogs);

const kills = 5;

/** Starts the file and kills it some lines after its first ones; answers all whole lines that it said. */
async function killed(file: string, ...values: string[]): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', file, ...values], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const exited = once(child, 'exit');
  if (!child.stdout) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 1) setTimeout(() => child.kill('SIGKILL'), 50 + Math.random() * 200);
  }
  await exited;
  return lines;
}

async function everythingIn(shards: number[]): Promise<string[]> {
  const read = (shard: number) => ingestLog('events').read(shard, 0, { entries: 1_000_000, bytes: 1_000_000_000 });
  return (await Promise.all(shards.map(read))).flat().map(({ body }) => body);
}

async function consumeAll(): Promise<void> {
  while ((await consumeOnce(bodiesConsumer())).entries > 0);
}

test('a killed process that appends loses nothing acknowledged, and its shard is free for the next', async () => {
  const acknowledged: string[] = [];
  for (let time = 0; time < kills; time++) {
    // The last line may have been cut by the kill.
    const lines = await killed('dev/testing/ingest/killed-appender.ts', `p${time}`);
    acknowledged.push(...lines.slice(0, -1));
  }
  const shards = await ingestLog('events').shards();
  expect(shards).toEqual([0]);
  const kept = await everythingIn(shards);
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter(body => !new Set(kept).has(body))).toEqual([]);
  expect(new Set(kept).size).toBe(kept.length);
  await consumeAll();
  expect((await bodiesSpooled()).sort()).toEqual(kept.sort());
});

test('consumers killed at any moment hand on every entry once', async () => {
  const appended: string[] = [];
  let over = false;
  const appending = (async () => {
    for (let index = 0; !over; index++) {
      await ingestLog('events').append({ key: 'src', meta: '{}', body: `e${index}` });
      appended.push(`e${index}`);
      await sleep(1);
    }
  })();
  for (let time = 0; time < kills; time++) await killed('dev/testing/ingest/killed-consumer.ts');
  over = true;
  await appending;
  await consumeAll();
  expect(await bodiesSpooled()).toEqual(appended);
});
