import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newEntry } from '@/dev/testing/events/entries';
import { processed } from '@/dev/testing/events/processed';
import { insertDiscard, insertSource, type TestSource } from '@/dev/testing/events/sources';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { findReceipt } from '@/lib/domains/events/receipts/find-receipt';
import { listTail } from '@/lib/domains/events/receipts/list-tail';
import { eventReceipts } from '@/lib/domains/events/tables';
import { encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { settleChunks } from '@/lib/warehouse/ingest/spool/chunks';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';
import { ingestDeadRows, ingestDiscardedValues, ingestLoads, ingestSchemaChanges } from '@/lib/warehouse/ingest/tables';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterEach(closeIngestLogs);
afterAll(() => dropDatabase());

const track = (messageId: string, more: Record<string, unknown> = {}) => ({
  type: 'track',
  messageId,
  userId: 'u1',
  event: 'Order Completed',
  ...more,
});

async function opened(): Promise<{ world: World; source: TestSource }> {
  const world = await createWorld();
  return { world, source: await insertSource(world) };
}

/** Through the log, so that the calls can be read again. */
async function taken(source: TestSource, bodies: Record<string, unknown>[], meta = {}): Promise<void> {
  for (const body of bodies) await ingestLog('events').append(newEntry(source.sourceId, body, meta));
  await consumeOnce(eventConsumer);
}

/** Notes that the chunks of a message were loaded, as the loader does. */
async function loaded(
  { sourceId, dataset }: TestSource,
  id: string,
  sinks: readonly ('load_job' | 'stream')[] = [],
): Promise<string[]> {
  const [receipt] = await db().select().from(eventReceipts).where(eq(eventReceipts.sourceId, sourceId));
  if (receipt?.messageId !== id) throw new Error(`${id} is not the first receipt`);
  const jobIds: string[] = [];
  for (const [index, chunkId] of receipt.chunkIds.entries()) {
    const [loadId, tableName] = [newId('load'), receipt.tableNames[index] ?? ''];
    jobIds.push(`job-${loadId}`);
    const sink = sinks[index] ?? 'load_job';
    const load = { loadId, dataset, tableName, state: 'LOADED', sink, attempt: 1, rows: 1 } as const;
    await db()
      .insert(ingestLoads)
      .values({ ...load, jobIds: [`job-${loadId}`], chunkIds: [chunkId], endedAt: new Date() });
    await db().transaction(tx => settleChunks(tx, loadId, [chunkId]));
  }
  return jobIds;
}

describe('the receipt of an event', () => {
  test('says which tables wait for its rows with which columns, and what was sent', async () => {
    const { world, source } = await opened();
    const body = track('m1', { properties: { orderId: 7, id: 'x' } });
    await taken(source, [body], { receivedAt: '2026-11-27T10:00:00.000Z' });
    const receipt = await findReceipt(world.as('VIEWER'), {}, 'm1');
    expect(receipt).toMatchObject({
      message_id: 'm1',
      source_id: source.sourceId,
      outcome: 'ACCEPTED',
      type: 'track',
      event: 'Order Completed',
      user_id: 'u1',
      anonymous_id: null,
      received_at: new Date('2026-11-27T10:00:00.000Z'),
      problems: [],
      notes: [{ code: 'reserved_name', path: 'properties.id', detail: '"x"' }],
      duplicates: [],
    });
    expect(JSON.parse(receipt.body ?? '')).toEqual(body);
    expect(receipt.rows.map(({ table, state, job_id }) => [table, state, job_id])).toEqual([
      ['tracks', 'WAITING', null],
      ['order_completed', 'WAITING', null],
    ]);
    expect(receipt.rows[1]?.columns).toContainEqual({ column: 'order_id', type: 'INT64' });
    expect(receipt.rows[0]?.columns).not.toContainEqual({ column: 'order_id', type: 'INT64' });
  });

  test('names the job or the stream that loaded it and what they made or widened for it', async () => {
    const { world, source } = await opened();
    await taken(source, [track('m1', { properties: { price: 1.5 } })]);
    const change = { dataset: source.dataset, tableName: 'order_completed', changedAt: new Date() };
    await db()
      .insert(ingestSchemaChanges)
      .values([
        {
          ...change,
          changeId: newId('chg'),
          kind: 'column_widened',
          columnName: 'price',
          fromType: 'INT64',
          toType: 'FLOAT64',
        },
        { ...change, changeId: newId('chg'), kind: 'column_added', columnName: 'of_another', toType: 'STRING' },
      ]);
    const names = await loaded(source, 'm1', ['load_job', 'stream']);
    const { rows } = await findReceipt(world.as('VIEWER'), {}, 'm1');
    expect(rows).toMatchObject([
      { table: 'tracks', state: 'LOADED', job_id: names[0], stream: null, changes: [], error: null },
      { table: 'order_completed', state: 'LOADED', job_id: null, stream: names[1], loaded_at: expect.any(Date) },
    ]);
    expect(rows[1]?.changes).toEqual([{ kind: 'column_widened', column: 'price', from: 'INT64', to: 'FLOAT64' }]);
  });

  test('shows discarded values and dead rows that are its own, also of the row of its user', async () => {
    const { world, source } = await opened();
    const receivedAt = new Date('2026-11-27T10:00:00.000Z');
    await taken(source, [{ ...track('m1'), type: 'identify', traits: { size: 'L' } }], {
      receivedAt: receivedAt.toISOString(),
    });
    const discardId = await insertDiscard(source, { tableName: 'users', columnName: 'size', reason: 'type_conflict' });
    const value = { discardId, value: '"L"' };
    await db()
      .insert(ingestDiscardedValues)
      .values({ ...value, rowId: 'u1', receivedAt });
    const other = await insertDiscard(source, { tableName: 'users', columnName: 'size', reason: 'column_burst' });
    await db()
      .insert(ingestDiscardedValues)
      .values({ ...value, discardId: other, rowId: 'u1', receivedAt: new Date() });
    const dead = { dataset: source.dataset, tableName: 'identifies', rowId: 'm1', loadId: newId('load') };
    const row = JSON.stringify({ id: 'm1', received_at: receivedAt.toISOString() });
    await db()
      .insert(ingestDeadRows)
      .values({ ...dead, deadRowId: newId('dead'), row, error: 'Could not parse' });
    await loaded(source, 'm1');
    const { rows } = await findReceipt(world.as('VIEWER'), {}, 'm1');
    expect(rows).toMatchObject([
      { table: 'identifies', state: 'DEAD', error: 'Could not parse', loaded_at: null, discarded: [] },
      { table: 'users', state: 'LOADED', discarded: [{ column: 'size', reason: 'type_conflict', value: '"L"' }] },
    ]);
  });

  test('tells why an event was refused, and lists those that came again', async () => {
    const { world, source } = await opened();
    const problems = [{ code: 'user_missing', field: 'userId', message: 'Send userId or anonymousId.' }];
    await taken(source, [{ batch: [{ type: 'track', event: 'x', messageId: 'bad' }] }], {
      refused: [{ index: 0, problems }],
    });
    expect(await findReceipt(world.as('VIEWER'), {}, 'bad')).toMatchObject({ outcome: 'REFUSED', problems, rows: [] });
    await taken(source, [track('m1'), track('m1'), track('m1')]);
    const receipt = await findReceipt(world.as('VIEWER'), {}, 'm1');
    expect([receipt.outcome, receipt.duplicates.length, receipt.rows.length]).toEqual(['ACCEPTED', 2, 2]);
  });

  test('is there without its body once the log is gone, and rows whose chunks are forgotten are loaded', async () => {
    const { world, source } = await opened();
    await processed(source.sourceId, [track('m1')]);
    await db().execute(sql`DELETE FROM ingest_chunks WHERE dataset = ${source.dataset}`);
    const receipt = await findReceipt(world.as('VIEWER'), {}, 'm1');
    expect(receipt.body).toBeNull();
    expect(receipt.rows).toMatchObject([{ state: 'LOADED', columns: null, job_id: null }, { state: 'LOADED' }]);
  });

  test('is found among the caller’s own sources only, or in the one that is named', async () => {
    const { world, source } = await opened();
    const second = await insertSource(world);
    await processed(source.sourceId, [track('m1')]);
    await processed(second.sourceId, [track('m1', { userId: 'second' })], new Date(Date.now() - 60_000));
    const ctx = world.as('VIEWER');
    expect((await findReceipt(ctx, {}, 'm1')).source_id).toBe(source.sourceId);
    expect((await findReceipt(ctx, { source_id: second.sourceId }, 'm1')).user_id).toBe('second');
    const stranger = (await createWorld()).as('OWNER');
    for (const input of [{}, { source_id: source.sourceId }])
      await expect(findReceipt(stranger, input, 'm1')).rejects.toMatchObject({ code: 'not_found' });
    for (const id of ['', 'a\0b', '\ud800', 'x'.repeat(101), 'm2'])
      await expect(findReceipt(ctx, {}, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the event tail', () => {
  test('lists the newest first with what was sent, page by page without gap or repeat', async () => {
    const { world, source } = await opened();
    const batch = Array.from({ length: 5 }, (_, index) => track(`a${index}`, { properties: { index } }));
    await taken(source, [{ batch }]);
    await taken(source, [track('b0'), track('b1')]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listTail(world.as('VIEWER'), { source_id: source.sourceId, limit: 2, after });
      for (const { message_id, body, tables } of page.events) {
        expect(JSON.parse(body ?? '').messageId).toBe(message_id);
        expect(tables).toEqual(['tracks', 'order_completed']);
        seen.push(message_id);
      }
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(seen).toEqual(['b1', 'b0', 'a4', 'a3', 'a2', 'a1', 'a0']);
  });

  test('finds by message id, user, anonymous id, name of the event and outcome', async () => {
    const { world, source } = await opened();
    const bodies = [
      track('m1', { userId: 'anna' }),
      track('m2', { event: 'Cart Viewed' }),
      track('m3', { anonymousId: 'anon' }),
      track('m3'),
    ];
    for (const [index, body] of bodies.entries())
      await processed(source.sourceId, [body], new Date(Date.now() - 10_000 + index));
    const found = async (asked: object) =>
      (await listTail(world.as('VIEWER'), { source_id: source.sourceId, ...asked })).events.map(
        ({ message_id, outcome }) => `${message_id} ${outcome}`,
      );
    expect(await found({ q: 'anna' })).toEqual(['m1 ACCEPTED']);
    expect(await found({ q: ' Cart Viewed ' })).toEqual(['m2 ACCEPTED']);
    expect(await found({ q: 'anon' })).toEqual(['m3 ACCEPTED']);
    expect(await found({ q: 'm3' })).toEqual(['m3 DUPLICATE', 'm3 ACCEPTED']);
    expect(await found({ q: 'm3', outcome: 'DUPLICATE' })).toEqual(['m3 DUPLICATE']);
    expect(await found({ outcome: 'DUPLICATE' })).toEqual(['m3 DUPLICATE']);
    expect(await found({ q: 'nobody' })).toEqual([]);
    expect(await found({ q: "' OR 1=1 --" })).toEqual([]);
    for (const after of ['nonsense', encodeCursor({ at: '2026-02-30T00:00:00.000Z', shard: 0, position: 1, index: 0 })])
      await expect(found({ after })).rejects.toMatchObject({ code: 'invalid_cursor' });
    await expect(found({ q: 'a\0' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('shows nothing of others', async () => {
    const { source } = await opened();
    await processed(source.sourceId, [track('m1')]);
    const stranger = (await createWorld()).as('OWNER');
    await expect(listTail(stranger, { source_id: source.sourceId })).rejects.toMatchObject({ code: 'not_found' });
  });
});
