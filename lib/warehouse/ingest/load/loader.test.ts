/** Each failure that a load can meet leaves every row exactly once in its table, or set aside with BigQuery's words. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDefinition, testRows, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { type RefusingBigQuery, refusingBigQuery } from '@/dev/testing/ingest/refusing-bigquery';
import { bigquery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { writeClient } from '@/lib/platform/bigquery/streams/write-client';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { replayDeadRows } from '@/lib/warehouse/ingest/load/dead-rows';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { readStand } from '@/lib/warehouse/query/query-stand';

const { dataset, put, rows, loads, chunks, tables, dead } = withIngestDatasets('loader');
let service: RefusingBigQuery;
let proxy: RefusingBigQuery['proxy'];
const tableName = 'orders';

beforeAll(async () => {
  service = await refusingBigQuery();
  proxy = service.proxy;
});
afterAll(() => service.close());
beforeEach(() => service.reset());

/** What a sink's own words and ways are. */
const sinks = [
  {
    sink: 'load_job',
    ofRow: 'JSON parsing error in row starting at position',
    ofColumn: 'Cannot add fields (field: size)',
  },
  { sink: 'stream', ofRow: 'Internal error of this row', ofColumn: "extra fields: 'size'" },
] as const;

describe.each(sinks)('by $sink', ({ sink, ofRow, ofColumn }) => {
  const deps = (more: Partial<LoaderDeps> = {}): LoaderDeps => ({
    ...service.clients,
    sink,
    definitions: [testDefinition()],
    ...more,
    limits: { propagationMs: [50, 100, 200], ...more.limits },
  });
  const load = async (more: Partial<LoaderDeps> = {}) => loadOnce(deps(more), { datasets: [dataset()] });
  /** Loads until nothing waits or fails any more. */
  async function loadAll(more: Partial<LoaderDeps> = {}) {
    for (let round = 0; round < 40; round++) {
      const { failures } = await load(more);
      if (failures.length === 0 && (await chunks()).every(chunk => chunk.settledAt)) return;
    }
    throw new Error('rows still wait');
  }
  const ids = async () => (await rows(tableName)).map(row => row.id);
  const table = async () => (await tables())[0];

  test('chunks of a table go in one load; its manifest, counts and versions say so, and their text is gone', async () => {
    const customerId = `cus_${randomText(8)}`;
    await put(tableName, [testRows(3, 'a'), testRows(2, 'b')], { customerId });
    expect(await load()).toEqual({ rows: 5, failures: [] });
    expect(await ids()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1']);
    const [only, ...others] = await loads();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ state: 'LOADED', sink, rows: 5, attempt: 1, error: null });
    expect(only?.chunkIds).toHaveLength(2);
    expect(proxy.loads).toEqual(only?.jobIds);
    expect((await chunks()).every(chunk => chunk.loadId === only?.loadId && chunk.settledAt)).toBe(true);
    expect(await table()).toMatchObject({ rowsLoaded: 5, blockedReason: null });
    expect((await readStand([`source.${tableName}`], customerId, [])).versions).toBe(`source.${tableName}=1`);
    const stamped = await runStatement({
      name: 'test',
      sql: `SELECT COUNT(loaded_at) AS c FROM \`${dataset()}.${tableName}\``,
    });
    expect(stamped.rows).toEqual([{ c: 5 }]);
    expect(await load()).toEqual({ rows: 0, failures: [] });
  });

  test.each(['503', 'lost', 'backendError', 'never arrives'] as const)(
    'a load that meets "%s" arrives by the next round, once',
    async fault => {
      await put(tableName, [testRows(4)]);
      proxy.faults.push(fault);
      expect((await load()).failures).toHaveLength(1);
      await loadAll();
      expect(await ids()).toEqual(['r0', 'r1', 'r2', 'r3']);
      const states = (await loads()).map(row => row.state);
      expect(states).toEqual(fault === 'lost' ? ['LOADED'] : ['FAILED', 'LOADED']);
    },
  );

  test.each(['beforeSend', 'afterSend'] as const)(
    'a loader that dies %s leaves a manifest by which the next one loads each row once',
    async point => {
      await put(tableName, [testRows(3)]);
      const dies = { [point]: () => Promise.reject(new Error('the process is gone')) };
      expect((await load({ hooks: dies })).failures).toHaveLength(1);
      expect((await loads()).map(row => row.state)).toEqual(['SENDING']);
      await put(tableName, [testRows(2, 'later')]);
      await loadAll();
      expect(await ids()).toEqual(['later0', 'later1', 'r0', 'r1', 'r2']);
      expect((await table())?.rowsLoaded).toBe(5);
    },
  );

  test('two loaders at once load each row once', async () => {
    await put(tableName, [testRows(20)]);
    const both = await Promise.all([load(), load()]);
    expect(both.reduce((sum, { rows: count }) => sum + count, 0)).toBe(20);
    expect(await ids()).toHaveLength(20);
  });

  test('a row that BigQuery refuses is found alone and set aside with its words; all others land', async () => {
    const poison = { id: 'poison', n: 1, colour: 'red' };
    await put(tableName, [testRows(40, 'a'), [...testRows(20, 'b'), poison, ...testRows(20, 'c')]]);
    proxy.poison = 'poison';
    await loadAll();
    proxy.poison = null;
    expect(await ids()).toHaveLength(80);
    const aside = await dead();
    expect(aside).toMatchObject([{ rowId: 'poison', replayedAt: null }]);
    expect(JSON.parse(aside[0]?.row ?? '')).toMatchObject(poison);
    expect(aside[0]?.error).toContain(ofRow);
    expect(proxy.loads.length).toBeLessThanOrEqual(6);

    expect(await db().transaction(tx => replayDeadRows(tx, 'another_dataset', [aside[0]?.deadRowId ?? '']))).toBe(0);
    expect(await db().transaction(tx => replayDeadRows(tx, dataset(), [aside[0]?.deadRowId ?? '']))).toBe(1);
    expect(await db().transaction(tx => replayDeadRows(tx, dataset(), [aside[0]?.deadRowId ?? '']))).toBe(0);
    await loadAll();
    expect(await ids()).toContain('poison');
  });

  test('columns that loads do not see yet are waited for; where they never do, the table is blocked and says why', async () => {
    await put(tableName, [testRows(2)]);
    await loadAll();
    proxy.propagationMs = 120;
    await put(tableName, [testRows(2, 'new', { colour: 'red' })]);
    await loadAll();
    expect(await rows(tableName, 'id, colour')).toHaveLength(4);
    proxy.propagationMs = 600_000;
    await put(tableName, [testRows(1, 'newer', { size: 'L' })]);
    expect((await load()).failures).toHaveLength(1);
    const blocked = await table();
    expect(blocked?.blockedReason).toContain(ofColumn);
    expect(blocked?.blockedUntil?.getTime()).toBeGreaterThan(Date.now() + 30_000);
    proxy.propagationMs = 0;
    await loadAll();
    expect(await table()).toMatchObject({ blockedReason: null, blockedUntil: null, attempts: 0 });
  });

  test('what BigQuery says of its own budget and of being away is waited out', async () => {
    await put(tableName, [testRows(2)]);
    proxy.jobsLeft = 0;
    expect((await load()).failures).toHaveLength(1);
    proxy.jobsLeft = Number.POSITIVE_INFINITY;
    proxy.down = true;
    expect((await load()).failures).toHaveLength(1);
    proxy.down = false;
    await loadAll();
    expect(await ids()).toEqual(['r0', 'r1']);
  });

  test('where tables are made by hand, rows of a missing table and column are set aside with BigQuery’s error and can be replayed', async () => {
    const byHand = { definitions: [testDefinition(false)] };
    await put(tableName, [testRows(2)]);
    await loadAll(byHand);
    expect(await dead()).toHaveLength(2);
    await put(tableName, [testRows(1, 'made')]);
    await loadAll();
    await put(tableName, [[...testRows(2, 'more'), { id: 'odd', colour: 'red' }, ...testRows(2, 'then')]]);
    await loadAll(byHand);
    const aside = await dead();
    expect(aside.map(row => row.rowId).sort()).toEqual(['odd', 'r0', 'r1']);
    expect(aside.find(row => row.rowId === 'odd')?.error).toContain('No such field: colour');
    expect(aside.find(row => row.rowId === 'r0')?.error).toMatch(/Not found: table/i);
    await db().transaction(tx =>
      replayDeadRows(
        tx,
        dataset(),
        aside.map(row => row.deadRowId),
      ),
    );
    await loadAll();
    expect(await ids()).toEqual(['made0', 'more0', 'more1', 'odd', 'r0', 'r1', 'then0', 'then1']);
  });

  test('a load of the local BigQuery without the proxy arrives too', async () => {
    await put(tableName, [testRows(2)]);
    await loadAll({ bigquery: bigquery(), streams: writeClient });
    expect(await ids()).toEqual(['r0', 'r1']);
  });
});

test('once the load jobs of the day are spent nothing is sent, and the next day it is', async () => {
  // Days of its own, as all loading shares one budget.
  let now = new Date(Date.UTC(2100 + Math.floor(Math.random() * 800), 3, 3));
  const deps = (): LoaderDeps => ({
    ...service.clients,
    definitions: [testDefinition()],
    clock: () => now,
    limits: { jobsPerDay: 1 },
  });
  const load = () => loadOnce(deps(), { datasets: [dataset()] });
  await put(tableName, [testRows(1, 'a')]);
  expect((await load()).failures).toEqual([]);
  await put(tableName, [testRows(1, 'b')]);
  const { failures } = await load();
  expect(String(failures[0]?.error)).toContain('the 1 load jobs of');
  expect(await loads()).toHaveLength(1);
  now = new Date(now.getTime() + 86_400_000);
  expect((await load()).failures).toEqual([]);
  expect((await rows(tableName)).map(row => row.id)).toEqual(['a0', 'b0']);
});
