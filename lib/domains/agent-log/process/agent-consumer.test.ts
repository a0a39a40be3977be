/** What the door wrote down becomes rows, each event once and in an unbroken chain, whoever consumes it and however often it was sent. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { agentEntry, chatEvent, consume } from '@/dev/testing/agent-log/record';
import { spooledRows } from '@/dev/testing/events/entries';
import { createWorld, type World } from '@/dev/testing/world';
import { type ChainRow, chainHash, eventHash, eventSalt, noHash } from '@/lib/domains/agent-log/chain/hashes';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import type { ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { agentConsumer } from '@/lib/domains/agent-log/process/agent-consumer';
import { forgetEventIdsJob } from '@/lib/domains/agent-log/process/jobs';
import { agentLogEventIds, agentLogHeads, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const rowsOf = async <Row>({ tenantDatasetId }: World, table: string): Promise<Row[]> =>
  (await spooledRows(agentDatasetOf(tenantDatasetId), table)) as unknown as Row[];
const eventsOf = (world: World) => rowsOf<ChatEvent>(world, 'chat_events');
const chainOf = async (world: World) =>
  (await rowsOf<ChainRow>(world, 'chat_event_chain')).sort((one, other) => one.sequence - other.sequence);
const headOf = async ({ customerId }: World) =>
  (await db().select().from(agentLogHeads).where(eq(agentLogHeads.customerId, customerId)))[0];
const usersOf = ({ customerId }: World) =>
  db().select().from(agentLogUsers).where(eq(agentLogUsers.customerId, customerId));

/** The chain is whole, ends at the head, and holds each event by its hash. */
async function expectWhole(world: World, count: number): Promise<void> {
  const [events, chain] = [await eventsOf(world), await chainOf(world)];
  expect(chain.map(row => row.sequence)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  expect(events).toHaveLength(count);
  const byId = new Map(events.map(event => [event.event_id, event]));
  const salts = new Map((await usersOf(world)).map(user => [user.userRef, user.salt]));
  let previous: ChainRow | undefined;
  for (const row of chain) {
    expect(row.previous_hash).toBe(previous?.chain_hash ?? noHash);
    expect(row.chain_hash).toBe(chainHash(row));
    expect(row.recorded_at >= (previous?.recorded_at ?? '')).toBe(true);
    const event = byId.get(row.event_id ?? '');
    if (!event) throw new Error(`row ${row.sequence} is about no event`);
    expect(row.content_hash).toBe(eventHash(eventSalt(salts.get(row.user_ref) as Buffer, event.event_id), event));
    previous = row;
  }
  expect(await headOf(world)).toMatchObject({ sequence: count, chainHash: previous?.chain_hash });
}

test('events go to the agent log of the customer whose key sent them, in the order in which they came', async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  const [a, b, c] = [chatEvent(), chatEvent({ user_id: 'bob' }), chatEvent({ content: null, metadata: { n: 1.5 } })];
  await consume([agentEntry(one.customerId, [a]), agentEntry(other.customerId, [b]), agentEntry(one.customerId, [c])]);
  expect(await eventsOf(one)).toEqual([a, c]);
  expect(await eventsOf(other)).toEqual([b]);
  await expectWhole(one, 2);
  await expectWhole(other, 1);
});

test('an event that comes again, in the same batch or a later one, counts once; its first text stays', async () => {
  const world = await createWorld();
  const [a, b] = [chatEvent(), chatEvent()];
  await consume([agentEntry(world.customerId, [a, b, { ...a, content: 'another' }])]);
  await consume([agentEntry(world.customerId, [b, chatEvent(), { ...a, content: 'a third' }])]);
  expect((await eventsOf(world)).slice(0, 2)).toEqual([a, b]);
  await expectWhole(world, 3);
});

test('ten batches that are sent again in parallel, over several consumers, leave each event once and the chain whole', async () => {
  const world = await createWorld();
  const batches = Array.from({ length: 10 }, (_, batch) =>
    Array.from({ length: 30 }, (_, index) => chatEvent({ user_id: `user ${index % 4}`, session_id: `${batch}` })),
  );
  const send = (batch: ChatEvent[]) => consume([agentEntry(world.customerId, batch)]);
  await Promise.all([...batches, ...batches, ...batches].map(send));
  await expectWhole(world, 300);
  expect(await usersOf(world)).toHaveLength(4);
});

test('ten batches sent again in parallel to the log, with a consumer that starts anew, leave each event once', async () => {
  const world = await createWorld();
  const batches = Array.from({ length: 10 }, () => Array.from({ length: 20 }, () => chatEvent()));
  const log = ingestLog('agent-log');
  const append = (batch: ChatEvent[]) => {
    const { key, meta, body } = agentEntry(world.customerId, batch);
    return log.append({ key, meta, body });
  };
  const consumeAll = async () => {
    for (let round = 0; round < 100; round++) {
      const { entries } = await consumeOnce(agentConsumer);
      if (entries === 0 && (await headOf(world))?.sequence === 200) return;
    }
  };
  await Promise.all([...batches.map(append), consumeOnce(agentConsumer), consumeOnce(agentConsumer)]);
  await Promise.all([...batches.map(append), consumeAll(), consumeAll()]);
  await consumeAll();
  await expectWhole(world, 200);
});

test('time never goes back in the chain, though a clock does', async () => {
  const world = await createWorld();
  const at = new Date();
  await consume([agentEntry(world.customerId, [chatEvent()])], at);
  await consume([agentEntry(world.customerId, [chatEvent()])], new Date(at.getTime() - 60_000));
  expect((await chainOf(world)).map(row => row.recorded_at)).toEqual([instantText(at), instantText(at)]);
  await expectWhole(world, 2);
});

test('entries of a customer that is gone leave nothing, and what is not as the door writes it holds up no other', async () => {
  const world = await createWorld();
  const good = chatEvent();
  const odd = [
    'not json',
    '[]',
    'null',
    JSON.stringify({ ...chatEvent(), event_id: 'x' }),
    JSON.stringify({ ...chatEvent(), event_timestamp: '2026-02-30T00:00:00.000000Z' }),
    JSON.stringify({ ...chatEvent(), event_timestamp: '2026-02-03T00:00:00Z' }),
    JSON.stringify({ ...chatEvent(), user_id: 'a\u0000b' }),
    JSON.stringify({ ...chatEvent(), metadata: [] }),
    `${JSON.stringify(chatEvent({ content: 'x' })).replace('"x"', '"\\ud800"')}`,
    JSON.stringify({ ...chatEvent(), event_type: 'other' }),
  ];
  const unknown = { ...agentEntry(world.customerId, [chatEvent()]), meta: '{"kind":"others"}' };
  const noMeta = { ...agentEntry(world.customerId, [chatEvent()]), meta: '{' };
  await consume([agentEntry('cus_gone', [chatEvent()]), unknown, noMeta, agentEntry(world.customerId, [...odd, good])]);
  expect(await eventsOf(world)).toEqual([good]);
  await expectWhole(world, 1);
  expect(await db().select().from(agentLogHeads).where(eq(agentLogHeads.customerId, 'cus_gone'))).toEqual([]);
});

test('snapshots are handed on as they came, and are no part of the chain', async () => {
  const world = await createWorld();
  const snapshot: RepoSnapshot = {
    commit_hash: 'a'.repeat(40),
    repo_url: 'https://github.com/acme/shop',
    indexed_at: instantText(new Date()),
    file_count: 12,
    total_tokens: null,
    vector_index_path: 'gs://acme/index',
  };
  await consume([agentEntry(world.customerId, [snapshot, '{"repo_url":1}'], 'snapshots')]);
  expect(await rowsOf(world, 'repo_snapshots')).toEqual([snapshot]);
  expect(await headOf(world)).toBeUndefined();
});

test('ids are forgotten after thirty days, and not before', async () => {
  const world = await createWorld();
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const [old, recent] = [chatEvent(), chatEvent()];
  await consume([agentEntry(world.customerId, [old])], days(31));
  await consume([agentEntry(world.customerId, [recent])], days(29));
  await forgetEventIdsJob.run(systemCtx('job:test'));
  const left = await db().select().from(agentLogEventIds).where(eq(agentLogEventIds.customerId, world.customerId));
  expect(left.map(({ eventId }) => eventId)).toEqual([recent.event_id]);
});
