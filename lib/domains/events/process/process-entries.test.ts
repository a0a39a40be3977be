import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newEntry, spooledRows, spooledTables } from '@/dev/testing/events/entries';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld } from '@/dev/testing/world';
import { eventConsumer, processEntries } from '@/lib/domains/events/process/process-entries';
import { maxCountedNames } from '@/lib/domains/events/rules';
import { eventDays, eventMonths, eventReceipts, eventSources } from '@/lib/domains/events/tables';
import { utcDay, utcMonth } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterEach(closeIngestLogs);
afterAll(() => dropDatabase());

const newSource = async () => insertSource(await createWorld());
const track = (messageId: string, event = 'Order Completed') => ({ type: 'track', messageId, userId: 'u1', event });

let position = 0;
/** Entries as they come from one shard. */
const entriesOf = (source: TestSource, bodies: Record<string, unknown>[], shard = 0): Entry[] =>
  bodies.map(body => {
    position += 1;
    return { ...newEntry(source.sourceId, body), shard, position, appendedAt: new Date() };
  });

/** What one transaction of the consumer does with them. */
const process = (entries: Entry[], at = new Date()) =>
  db().transaction(async tx => writeChunks(tx, await processEntries(tx, entries, () => at)));

const receiptsOf = ({ sourceId }: TestSource) =>
  db()
    .select()
    .from(eventReceipts)
    .where(eq(eventReceipts.sourceId, sourceId))
    .orderBy(eventReceipts.recordedAt, eventReceipts.position, eventReceipts.itemIndex);
const outcomesOf = async (source: TestSource) =>
  (await receiptsOf(source)).map(({ messageId, outcome }) => `${messageId} ${outcome}`);

test('what the log holds becomes rows of tables, receipts that name them, and counts', async () => {
  const source = await newSource();
  const receivedAt = new Date();
  const batch = [track('m1'), { ...track('m2'), type: 'identify', traits: { plan: 'pro' } }];
  await ingestLog('events').append(
    newEntry(source.sourceId, { batch }, { receivedAt: receivedAt.toISOString(), ip: '203.0.113.9' }),
  );
  expect(await consumeOnce(eventConsumer)).toMatchObject({ entries: 1 });
  expect(await spooledTables(source.dataset)).toEqual(['identifies', 'order_completed', 'tracks', 'users']);
  expect(await spooledRows(source.dataset, 'order_completed')).toEqual([
    expect.objectContaining({
      id: 'm1',
      user_id: 'u1',
      received_at: receivedAt.toISOString(),
      context_ip: '203.0.113.9',
    }),
  ]);
  expect(await spooledRows(source.dataset, 'users')).toEqual([expect.objectContaining({ id: 'u1', plan: 'pro' })]);
  const [one, two] = await receiptsOf(source);
  expect(one).toMatchObject({
    messageId: 'm1',
    outcome: 'ACCEPTED',
    event: 'Order Completed',
    userId: 'u1',
    notes: null,
  });
  expect(one?.tableNames).toEqual(['tracks', 'order_completed']);
  expect(two?.tableNames).toEqual(['identifies', 'users']);
  const chunks = await db().execute<{ chunk_id: string; table_name: string; columns: Record<string, string[]> }>(sql`
    SELECT chunk_id, table_name, columns FROM ingest_chunks JOIN ingest_chunk_bodies USING (chunk_id)
    WHERE dataset = ${source.dataset}`);
  const tableOf = new Map(chunks.rows.map(({ chunk_id, table_name }) => [chunk_id, table_name]));
  expect(two?.chunkIds.map(chunkId => tableOf.get(chunkId))).toEqual(two?.tableNames);
  const users = chunks.rows.find(({ table_name }) => table_name === 'users');
  expect(users?.columns).toMatchObject({ id: ['STRING'], received_at: ['TIMESTAMP'], plan: ['STRING'] });
  const days = await db()
    .select()
    .from(eventDays)
    .where(eq(eventDays.sourceId, source.sourceId))
    .orderBy(eventDays.type);
  expect(days.map(({ day, type, event, events }) => ({ day, type, event, events }))).toEqual([
    { day: utcDay(receivedAt), type: 'identify', event: '', events: 1 },
    { day: utcDay(receivedAt), type: 'track', event: 'Order Completed', events: 1 },
  ]);
  const months = await db().select().from(eventMonths).where(eq(eventMonths.customerId, source.customerId));
  expect(months).toMatchObject([{ month: utcMonth(receivedAt), events: 2 }]);
  const [kept] = await db().select().from(eventSources).where(eq(eventSources.sourceId, source.sourceId));
  expect(kept).toMatchObject({ firstEventAt: receivedAt, lastEventAt: receivedAt });
});

test('a message id counts once within a day, in one request, in several, and whoever is at them', async () => {
  const source = await newSource();
  const now = new Date();
  await process(entriesOf(source, [{ batch: [track('a'), track('a', 'Other')] }, track('a')]), now);
  await process(entriesOf(source, [track('a'), track('b')]), new Date(now.getTime() + 1_000));
  expect(await outcomesOf(source)).toEqual(['a ACCEPTED', 'a DUPLICATE', 'a DUPLICATE', 'a DUPLICATE', 'b ACCEPTED']);
  expect(await spooledRows(source.dataset, 'tracks')).toMatchObject([
    { id: 'a', event_text: 'Order Completed' },
    { id: 'b' },
  ]);
  expect((await receiptsOf(source))[1]).toMatchObject({ tableNames: [], chunkIds: [] });
  const days = await db().select().from(eventDays).where(eq(eventDays.sourceId, source.sourceId));
  expect(days).toMatchObject([{ events: 2 }]);
  const hours25 = new Date(now.getTime() + 25 * 3_600_000);
  await process(entriesOf(source, [track('a')]), hours25);
  expect((await outcomesOf(source)).at(-1)).toBe('a ACCEPTED');
  const other = await newSource();
  await process(entriesOf(other, [track('a')]), now);
  expect(await outcomesOf(other)).toEqual(['a ACCEPTED']);
});

test('the same calls in many shards at once are taken once', async () => {
  const source = await newSource();
  const batch = Array.from({ length: 50 }, (_, index) => track(`m${index}`));
  await Promise.all([1, 2, 3, 4].map(shard => process(entriesOf(source, [{ batch }], shard))));
  const receipts = await receiptsOf(source);
  expect(receipts).toHaveLength(200);
  expect(receipts.filter(({ outcome }) => outcome === 'ACCEPTED')).toHaveLength(50);
  const ids = (await spooledRows(source.dataset, 'tracks')).map(({ id }) => id);
  expect(new Set(ids).size).toBe(50);
  expect(ids).toHaveLength(50);
});

test('an item that the door refused gets a receipt with the reasons and no row; the others go on', async () => {
  const source = await newSource();
  const problems = [
    { code: 'event_missing', field: 'event', message: 'A track call needs a non-empty event name.' },
  ] as const;
  const entry = newEntry(
    source.sourceId,
    { batch: [track('good'), { type: 'track', userId: 'u\0\ud800' }, null] },
    {
      refused: [
        { index: 1, problems: [...problems] },
        { index: 2, problems: [...problems] },
      ],
      messageIds: { 1: 'given', 2: 'none' },
    },
  );
  await process([{ ...entry, shard: 0, position: 1, appendedAt: new Date() }]);
  expect(await outcomesOf(source)).toEqual(['good ACCEPTED', 'given REFUSED', 'none REFUSED']);
  expect((await receiptsOf(source))[1]).toMatchObject({ notes: problems, type: 'track', userId: 'u\ufffd\ufffd' });
  expect((await receiptsOf(source))[2]).toMatchObject({ notes: problems, type: null });
  expect(await spooledRows(source.dataset, 'tracks')).toHaveLength(1);
  const months = await db().select().from(eventMonths).where(eq(eventMonths.customerId, source.customerId));
  expect(months).toMatchObject([{ events: 1 }]);
});

test('an entry that nobody can read, or whose type is unknown, is refused alone and blocks nothing', async () => {
  const source = await newSource();
  const [first, odd, last] = entriesOf(source, [
    track('one'),
    { batch: [{ ...track('odd'), type: 'nothing' }] },
    track('two'),
  ]);
  const place = { key: source.sourceId, shard: 0, appendedAt: new Date() };
  const unreadable: Entry[] = [
    { ...place, position: 100_001, meta: '{"kind":', body: '{}' },
    { ...place, position: 100_002, meta: '{"kind":"track","receivedAt":"soon"}', body: '{}' },
    { ...place, position: 100_003, meta: newEntry('', {}).meta, body: '[1]' },
  ];
  await process([first, ...unreadable, odd, last].filter(entry => entry !== undefined));
  expect((await outcomesOf(source)).sort()).toEqual([
    '0-100001 REFUSED',
    '0-100002 REFUSED',
    '0-100003 REFUSED',
    'odd REFUSED',
    'one ACCEPTED',
    'two ACCEPTED',
  ]);
  expect((await receiptsOf(source)).find(({ messageId }) => messageId === '0-100001')?.notes).toMatchObject([
    { code: 'not_processed' },
  ]);
});

test('an entry that Postgres refuses gets a receipt that says so, and all others of its shard go on', async () => {
  const source = await newSource();
  await db().execute(sql`
    CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22021'; END $$`);
  await db().execute(sql`
    CREATE TRIGGER poison BEFORE INSERT ON event_receipts FOR EACH ROW WHEN (NEW.event = 'Poison')
    EXECUTE FUNCTION refuse_poison()`);
  const log = ingestLog('events');
  for (const body of [track('one'), { batch: [track('two'), track('bad', 'Poison')] }, track('three'), track('one')])
    await log.append(newEntry(source.sourceId, body));
  await consumeOnce(eventConsumer);
  expect(await consumeOnce(eventConsumer)).toMatchObject({ entries: 0 });
  const outcomes = (await receiptsOf(source)).map(({ messageId, outcome, notes }) => [messageId, outcome, notes]);
  expect(outcomes).toEqual([
    ['one', 'ACCEPTED', null],
    [expect.stringMatching(/^\d+-\d+$/), 'REFUSED', [expect.objectContaining({ code: 'not_processed' })]],
    ['three', 'ACCEPTED', null],
    ['one', 'DUPLICATE', null],
  ]);
  expect((await spooledRows(source.dataset, 'tracks')).map(({ id }) => id)).toEqual(['one', 'three']);
});

test('what a batch says of all its calls counts for each that says nothing else', async () => {
  const source = await newSource();
  const own = {
    ...track('own'),
    context: { ip: '198.51.100.1' },
    sentAt: '2026-01-01T00:00:02Z',
    timestamp: '2026-01-01T00:00:00Z',
  };
  const batch = [own, { ...track('none'), timestamp: '2026-01-01T00:00:00Z' }];
  const context = { ip: '203.0.113.1', library: { name: 'http' } };
  await process(entriesOf(source, [{ batch, context, sentAt: '2026-01-01T00:00:01Z' }]));
  expect(await spooledRows(source.dataset, 'tracks')).toMatchObject([
    { id: 'own', context_ip: '198.51.100.1', context_library_name: 'http', sent_at: '2026-01-01T00:00:02Z' },
    { id: 'none', context_ip: '203.0.113.1', context_library_name: 'http', sent_at: '2026-01-01T00:00:01Z' },
  ]);
});

test('names, values and texts of any kind and length get through, one receipt each', async () => {
  const source = await newSource();
  const long = 'x'.repeat(20_000);
  const odd = {
    'quote\'"\\': 'a\nb\t\u0001',
    '{}': [null, { a: '\u2028' }],
    [long]: long,
    価格: 12345678901234567890n.toString(),
  };
  const bodies = [
    { ...track('m"\\,{}\'1'), userId: long, properties: odd },
    { ...track('m2', long), context: odd },
    { ...track('m3', '🎉'), anonymousId: '{"a"}', properties: { deep: { 2: { '': true } } } },
  ];
  await process(entriesOf(source, bodies));
  const receipts = await receiptsOf(source);
  expect(receipts.map(({ messageId, outcome }) => [messageId, outcome])).toEqual([
    ['m"\\,{}\'1', 'ACCEPTED'],
    ['m2', 'ACCEPTED'],
    ['m3', 'ACCEPTED'],
  ]);
  const [row] = await spooledRows(source.dataset, 'order_completed');
  expect(row).toMatchObject({ id: 'm"\\,{}\'1', user_id: long, quote: 'a\nb\t\u0001', _: '[null,{"a":"\u2028"}]' });
  expect(await spooledTables(source.dataset)).toContain('u1f389');
});

test('of a day so many names of events are counted, all others as one', async () => {
  const source = await newSource();
  const batches = Array.from({ length: 3 }, (_, part) => ({
    batch: Array.from({ length: 500 }, (_, index) => track(`m${part}-${index}`, `Event ${part * 500 + index}`)),
  }));
  // Without its 1,500 tables, which no count is of.
  const count = (bodies: Record<string, unknown>[]) =>
    db().transaction(async tx => void (await processEntries(tx, entriesOf(source, bodies))));
  for (const batch of batches) await count([batch]);
  await count([track('more', 'Event 1'), track('most', 'Event 1499')]);
  const days = await db().select().from(eventDays).where(eq(eventDays.sourceId, source.sourceId));
  expect(days).toHaveLength(maxCountedNames + 1);
  const countOf = (name: string) => days.find(({ event }) => event === name)?.events;
  expect([countOf('Event 1'), countOf('(other)'), countOf('Event 1499')]).toEqual([2, 501, undefined]);
});

test('entries of a source that is gone leave nothing behind and do not block the shard', async () => {
  const source = await newSource();
  const gone = { ...source, sourceId: 'src_gone' };
  await process([...entriesOf(gone, [track('x')]), ...entriesOf(source, [track('y')])]);
  expect(await receiptsOf(gone)).toEqual([]);
  expect(await outcomesOf(source)).toEqual(['y ACCEPTED']);
});
