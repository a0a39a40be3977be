/** Sixty customers whose traces arrive at once have all of theirs, each in its own dataset and none twice; one that sends without end starves nobody. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { until } from '@/dev/testing/relay';
import { namedRow } from '@/dev/testing/traces/named-rows';
import { createWorld, type World } from '@/dev/testing/world';
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import { traceIngest } from '@/lib/domains/traces/ingest';
import { processTraces } from '@/lib/domains/traces/process/trace-consumer';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { startLoader } from '@/lib/warehouse/ingest/load/loader';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { waitingTables } from '@/lib/warehouse/ingest/spool/chunks';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import { ingestLoads } from '@/lib/warehouse/ingest/tables';

const tenants = 60;
const rowsEach = 50;
const tablesAtOnce = 8;
const loaders = 2;
const worlds: World[] = [];
// The loop loads whatever waits in its database.
let drop: () => Promise<void>;
beforeAll(async () => {
  drop = await useOwnDatabase();
  while (worlds.length < tenants) worlds.push(await createWorld());
});
afterAll(async () => {
  const remove = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(remove));
  await drop();
});

let position = 0;
/** A request with `rowsEach` records of the customer, the first of which it holds twice. */
function entryOf({ customerId }: World): Entry {
  position += 1;
  const names = Array.from({ length: rowsEach }, (_, index) => `${customerId} ${position} ${index}`);
  const rows = [...names, names[0] ?? ''].map(name => {
    const { book_cost_usd: _cost, price_id: _price, ...row } = namedRow(name, { team: customerId });
    return `${JSON.stringify(row)}\n`;
  });
  const appendedAt = new Date();
  const meta: TraceEntryMeta = {
    receivedAt: appendedAt.toISOString(),
    source: 'document',
    keyId: 'key_test',
    refused: [],
    refusedCount: 0,
    assumedTimes: 0,
  };
  return { key: customerId, meta: JSON.stringify(meta), body: rows.join(''), shard: 0, position, appendedAt };
}
const arrive = (of: readonly World[]) =>
  db().transaction(async tx => writeChunks(tx, await processTraces(tx, of.map(entryOf))));

/** The dataset holds `rows` requests, all of its customer, none twice and no number twice. */
async function expectOwn({ customerId, tenantDatasetId: dataset }: World, rows: number): Promise<void> {
  const details = `SELECT COUNT(*) AS row_count, COUNT(DISTINCT trace_hash) AS hashes, MIN(team) AS least, MAX(team) AS most
    FROM \`${dataset}.session_details\``;
  const sessions = `SELECT COUNT(*) AS row_count, COUNT(DISTINCT id) AS ids FROM \`${dataset}.sessions\``;
  const ask = async (sql: string) => (await runStatement({ name: 'test/tenant', sql })).rows;
  expect(await ask(details)).toEqual([{ row_count: rows, hashes: rows, least: customerId, most: customerId }]);
  expect(await ask(sessions)).toEqual([{ row_count: rows, ids: rows }]);
}

test('each of sixty customers has exactly its own rows, the quiet ones before more of a busy one', {
  timeout: 1_800_000,
}, async () => {
  const [busy, ...quiet] = worlds as [World, ...World[]];
  const quietDatasets = quiet.map(({ tenantDatasetId }) => tenantDatasetId);
  const loadsOf = (datasets: readonly string[]) =>
    db()
      .select({ startedAt: ingestLoads.startedAt, endedAt: ingestLoads.endedAt })
      .from(ingestLoads)
      .where(and(inArray(ingestLoads.dataset, datasets), eq(ingestLoads.state, 'LOADED')))
      .orderBy(ingestLoads.startedAt);
  await arrive(worlds);
  const began = Date.now();
  const deps = { bigquery: bigquery(), definitions: [traceIngest], limits: { intervalSeconds: 1, tablesAtOnce } };
  const running = Array.from({ length: loaders }, () => startLoader(deps));
  let entries = 1;
  const areLoaded = async () => (await loadsOf(quietDatasets)).length >= quiet.length;
  for (; !(await areLoaded()); await sleep(2_000), entries++) await arrive([busy]);
  const lastAfterMs = Date.now() - began;
  await until(async () => (await waitingTables()).length === 0, 240_000);
  await Promise.all(running.map(loader => loader.stop()));

  const ofQuiet = await loadsOf(quietDatasets);
  expect(ofQuiet).toHaveLength(quiet.length);
  const [, second] = await loadsOf([busy.tenantDatasetId]);
  const later = ofQuiet.filter(({ startedAt }) => second && startedAt > second.startedAt);
  console.log(`${quiet.length} quiet customers in ${lastAfterMs} ms beside ${entries} requests of a busy one`);
  // Those that were already taken up when the busy one had its second turn.
  expect(later.length).toBeLessThanOrEqual(loaders * tablesAtOnce);
  for (const world of quiet) await expectOwn(world, rowsEach);
  await expectOwn(busy, rowsEach * entries);
});
