/** What the door wrote down becomes rows for the customer's own dataset, once, and a run of the hour that tells what was refused. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { spooledRows } from '@/dev/testing/events/entries';
import { namedRow } from '@/dev/testing/traces/named-rows';
import { createWorld, type World } from '@/dev/testing/world';
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import { processTraces } from '@/lib/domains/traces/process/trace-consumer';
import { endSilentRuns } from '@/lib/domains/traces/runs/end-silent-runs';
import { beginEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { etlRuns, modelPrices, traceDeadLetters } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

const at = new Date('2026-03-01T10:00:00Z');
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);

let position = 0;
function entryOf(customerId: string, names: readonly string[], meta: Partial<TraceEntryMeta> = {}): Entry {
  position += 1;
  const rows = names.map(name => {
    const { book_cost_usd: _cost, price_id: _price, ...row } = namedRow(name);
    return `${JSON.stringify(row)}\n`;
  });
  const whole: TraceEntryMeta = {
    receivedAt: at.toISOString(),
    source: 'document',
    keyId: 'key_test',
    refused: [],
    refusedCount: 0,
    assumedTimes: 0,
    ...meta,
  };
  return { key: customerId, meta: JSON.stringify(whole), body: rows.join(''), shard: 0, position, appendedAt: at };
}
const process = (entries: Entry[], when = at) =>
  db().transaction(async tx => writeChunks(tx, await processTraces(tx, entries, () => when)));
const rowsOf = ({ tenantDatasetId }: World) => spooledRows(tenantDatasetId, 'sessions');
const runsOf = ({ customerId }: World) =>
  db().select().from(etlRuns).where(eq(etlRuns.customerId, customerId)).orderBy(etlRuns.id);

test('rows go to the dataset of the customer whose key sent them, in the order in which they came', async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  await process([
    entryOf(one.customerId, ['a']),
    entryOf(other.customerId, ['b']),
    entryOf(one.customerId, ['c', 'a']),
  ]);
  expect((await rowsOf(one)).map(row => row.session_id)).toEqual(['session a', 'session c', 'session a']);
  expect((await rowsOf(other)).map(row => row.session_id)).toEqual(['session b']);
});

test('rows have the price of the customer’s book, and none where it has none', async () => {
  const world = await createWorld();
  const priceId = newId('prc');
  await db().insert(modelPrices).values({
    priceId,
    customerId: world.customerId,
    provider: 'openai',
    model: 'gpt-4o',
    effectiveFrom: '2026-01-01',
    inputUsd: 2,
    outputUsd: 10,
    origin: 'manual',
    createdAt: at,
    createdBy: 'a test',
  });
  const entry = entryOf(world.customerId, ['a']);
  const unknown = entryOf(world.customerId, ['b']);
  unknown.body = unknown.body.replaceAll('gpt-4o', 'a-model-of-our-own');
  await process([entry, unknown]);
  expect(await rowsOf(world)).toMatchObject([
    { book_cost_usd: 0.002, price_id: priceId },
    { book_cost_usd: null, price_id: null },
  ]);
});

test('requests of an hour are one run that adds up rows, refused records and assumed times; the next hour has another', async () => {
  const world = await createWorld();
  const refused = [{ index: 2, code: 'negative', field: 'tokens_in', content: '{"tokens_in":-1}' }] as const;
  await process([entryOf(world.customerId, ['a', 'b'], { refused: [...refused], refusedCount: 3, assumedTimes: 1 })]);
  await process([entryOf(world.customerId, ['c'])], later(59));
  const [run] = await runsOf(world);
  expect(run).toMatchObject({ job: 'receive-traces', state: 'RUNNING', rowCount: 3, refusedCount: 3, assumedTimes: 1 });
  expect(run?.details).toMatchObject({ source: 'POST /v1/traces', requests: 2 });
  const letters = await db().select().from(traceDeadLetters).where(eq(traceDeadLetters.customerId, world.customerId));
  expect(letters).toMatchObject([{ etlRunId: run?.id, line: 3, code: 'negative', field: 'tokens_in' }]);
  await process([entryOf(world.customerId, ['d'])], later(60));
  expect((await runsOf(world)).map(({ state, rowCount }) => [state, rowCount])).toEqual([
    ['COMPLETED', 3],
    ['RUNNING', 1],
  ]);
});

test('runs are ended: of requests after their hour, of imports that are silent for an hour as failed', async () => {
  const world = await createWorld();
  await process([entryOf(world.customerId, ['a'])]);
  const begin = (when: Date) =>
    db().transaction(tx =>
      beginEtlRun(tx, { customerId: world.customerId, job: 'ingest-traces', details: { source: 'x.jsonl' }, at: when }),
    );
  await begin(at);
  await begin(later(30));
  await endSilentRuns(() => later(59));
  expect((await runsOf(world)).map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  await endSilentRuns(() => later(61));
  const runs = await runsOf(world);
  expect(runs.map(({ state }) => state)).toEqual(['COMPLETED', 'FAILED', 'RUNNING']);
  expect(runs[1]?.error).toContain('ended before the run did');
});

test('entries of a customer that is gone leave nothing behind, and an entry that cannot be read holds up no other', async () => {
  const world = await createWorld();
  const broken = { ...entryOf(world.customerId, []), body: '{"session_id":' };
  await process([entryOf('cus_that_is_gone', ['x']), broken, entryOf(world.customerId, ['a'])]);
  expect((await rowsOf(world)).map(row => row.session_id)).toEqual(['session a']);
  expect(await runsOf(world)).toMatchObject([{ rowCount: 1, refusedCount: 1 }]);
  const gone = await db().select().from(etlRuns).where(eq(etlRuns.customerId, 'cus_that_is_gone'));
  expect(gone).toEqual([]);
});
