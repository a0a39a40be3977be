/** Writers that bring new columns and other types at once, while several loaders run, lose nothing. */
import { expect, test } from 'vitest';
import { type TestRow, testDefinition, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';
import { getTable } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

const { dataset, put, rows, chunks, dead } = withIngestDatasets('evolve');
const tableName = 'orders';
const writers = 20;
const rounds = 3;
/** Of the 50 columns of a writer so many are its own; the others all writers share, each with values of another type. */
const own = 20;
const shared = 30;

/** The value that a writer gives a shared column: the first ten are numbers, the next ten anything, the last ten instants or texts. */
function sharedValue(column: number, writer: number, round: number): unknown {
  const turn = (writer + round) % 5;
  const instant = `2024-02-29T10:00:${String(10 + writer)}.000Z`;
  if (column < 10) return turn % 2 === 0 ? writer : writer + 0.5;
  if (column < 20) return [writer, writer + 0.5, `text ${writer}`, turn === 3, instant][turn];
  return turn < 2 ? `text ${writer}` : instant;
}

function rowOf(writer: number, round: number): TestRow {
  const row: TestRow = { id: `w${writer}_r${round}` };
  for (let column = 0; column < own; column++) row[`own_${writer}_${column}`] = round < 2 ? column : `v${column}`;
  for (let column = 0; column < shared; column++) row[`shared_${column}`] = sharedValue(column, writer, round);
  return row;
}

const textOf = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value));

test('20 writers with 50 new columns each, whose types change as they go, end as the union of all, with every value', async () => {
  const pause = (random: number) => new Promise(resolve => setTimeout(resolve, random));
  let isWriting = true;
  const load = async () => {
    while (isWriting) {
      const { failures } = await loadOnce(
        { bigquery: bigquery(), definitions: [testDefinition()] },
        { datasets: [dataset()] },
      );
      expect(failures).toEqual([]);
      await pause(20);
    }
  };
  const write = async (writer: number) => {
    for (let round = 0; round < rounds; round++) {
      await put(tableName, [[rowOf(writer, round)]]);
      await pause(((writer * 7 + round * 13) % 11) * 100);
    }
  };
  const loaders = [load(), load(), load(), load()];
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  while ((await chunks()).some(chunk => !chunk.settledAt)) await pause(100);
  isWriting = false;
  await Promise.all(loaders);

  const live = await getTable(bigquery(), dataset(), tableName);
  const types = new Map((live?.schema?.fields ?? []).map(({ name, type }) => [name, standardType(type)]));
  expect([...types.keys()].filter(name => name.startsWith('own_'))).toHaveLength(writers * own);
  expect(types.get('shared_0')).toBe('FLOAT64');
  expect(types.get('shared_15')).toBe('STRING');
  expect(types.get('shared_29')).toBe('STRING');
  expect(types.get('own_3_7')).toBe('STRING');

  const loaded = new Map((await rows(tableName, [...types.keys()].join(', '))).map(row => [row.id, row]));
  expect(loaded.size).toBe(writers * rounds);
  for (let writer = 0; writer < writers; writer++) {
    for (let round = 0; round < rounds; round++) {
      const sent = rowOf(writer, round);
      const found = loaded.get(sent.id) ?? {};
      expect(Object.fromEntries(Object.keys(sent).map(name => [name, textOf(found[name])]))).toEqual(
        Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, textOf(value)])),
      );
    }
  }
  expect(await dead()).toEqual([]);
  const discards = await db().select({ dataset: ingestDiscards.dataset }).from(ingestDiscards);
  expect(discards.filter(discard => discard.dataset === dataset())).toEqual([]);
}, 400_000);
