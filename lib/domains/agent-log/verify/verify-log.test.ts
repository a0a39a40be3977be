/** Whatever is done to an agent log in BigQuery behind our back is found, and named by its row. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import {
  agentEntry,
  askAgentLog,
  chatEvent,
  consume,
  dropAgentLogs,
  loadAgentLogs,
  recordAndLoad,
} from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { type ChainRow, chainHash } from '@/lib/domains/agent-log/chain/hashes';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import { sealChains } from '@/lib/domains/agent-log/checkpoints/jobs';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { agentLogCheckpoints, agentLogHeads } from '@/lib/domains/agent-log/tables';
import { chainPages } from '@/lib/domains/agent-log/verify/read-log';
import { verifyLog } from '@/lib/domains/agent-log/verify/verify-log';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const worlds: World[] = [];
afterAll(() => dropAgentLogs(worlds));

/** A customer whose log has six events of two users, loaded. */
async function logged(): Promise<{ world: World; events: ChatEvent[] }> {
  const world = await createWorld();
  worlds.push(world);
  const events = ['a', 'b', 'c', 'd', 'e', 'f'].map((text, index) =>
    chatEvent({
      event_timestamp: instantText(new Date(Date.now() - 1_000 * index)),
      content: { text },
      user_id: `user ${index % 2}`,
      metadata: { n: index + 0.5, latency_ms: 12 },
    }),
  );
  await recordAndLoad(world, events.slice(0, 3));
  await recordAndLoad(world, events.slice(3));
  return { world, events };
}
/** What is found, as `kind` and number. */
async function found(world: World, clock?: () => Date): Promise<string[]> {
  const { faults } = await verifyLog(world, clock && { clock });
  return faults.map(({ kind, sequence, to }) => [kind, sequence, to].filter(part => part != null).join(' '));
}
const change = (world: World, sql: string) => askAgentLog(world, sql);
const where = (events: ChatEvent[], index: number) => `WHERE event_id = '${events[index]?.event_id}'`;

test('a log that nobody touched is whole; one without any row is too', async () => {
  const { world } = await logged();
  expect(await verifyLog(world)).toEqual({
    customerId: world.customerId,
    rows: 6,
    events: 6,
    head: 6,
    arrived: 6,
    checkpoints: 0,
    faults: [],
    faultCount: 0,
  });
  expect(await verifyLog(await createWorld())).toMatchObject({ rows: 0, head: 0, faultCount: 0 });
});

test('JSON of every kind is known again as BigQuery gives it', async () => {
  const world = await createWorld();
  worlds.push(world);
  const odd = {
    z: [1, 1.0, 1e21, 5e-324, -0, 0.1, 123456789012345680000, 9007199254740992, null, true],
    a: { 'ö"\\\n\u0001\u2028': '😀', '': [], b: {} },
    toJSON: 'x',
    __proto__x: 1,
  };
  const contents = [odd, 'text', '', 0, 12.5, true, false, [], {}, null, [null], '{"a":1}'];
  await recordAndLoad(
    world,
    contents.map(content => chatEvent({ content, metadata: { b: odd, a: 1 } as never, client_info: null })),
  );
  expect(await found(world)).toEqual([]);
});

test.each([
  ['content', `SET content = JSON '{"text":"another"}'`],
  ['metadata', `SET metadata = JSON '{"n":2.5,"latency_ms":13}'`],
  ['metadata that is gone', 'SET metadata = NULL'],
  ['client_info', 'SET client_info = NULL'],
  ['a session', "SET session_id = 'another'"],
  ['a user', "SET user_id = 'another'"],
  ['a type', "SET event_type = 'error'"],
  ['a time of the same day', 'SET event_timestamp = TIMESTAMP_ADD(event_timestamp, INTERVAL 1 MICROSECOND)'],
  ['a time of another day', 'SET event_timestamp = TIMESTAMP_SUB(event_timestamp, INTERVAL 72 HOUR)'],
])('a change of %s is found', async (_, set) => {
  const { world, events } = await logged();
  await change(world, `UPDATE agent.chat_events ${set} ${where(events, 2)}`);
  expect(await found(world)).toEqual(['event_changed 3']);
});

test('a row that was dropped, added or doubled is found', async () => {
  const { world, events } = await logged();
  await change(world, `DELETE FROM agent.chat_events ${where(events, 1)}`);
  const added = newUuid();
  const columns = 'event_timestamp, session_id, user_id, event_type, content, metadata, client_info';
  const copy = (id: string, index: number) =>
    `INSERT INTO agent.chat_events (event_id, ${columns}) SELECT ${id}, ${columns} FROM agent.chat_events ${where(events, index)}`;
  await change(world, copy(`'${added}'`, 0));
  await change(world, copy('event_id', 4));
  const { faults } = await verifyLog(world);
  expect(faults.map(({ kind, sequence, eventId }) => [kind, sequence, eventId])).toEqual(
    expect.arrayContaining([
      ['event_missing', 2, events[1]?.event_id],
      ['event_unknown', null, added],
      ['event_twice', null, events[4]?.event_id],
    ]),
  );
  expect(faults).toHaveLength(3);
});

test('two events that change places are found: by their ids, by what they say, by when they were', async () => {
  const swap = async (column: string, type: string) => {
    const { world, events } = await logged();
    const [one, other] = await Promise.all(
      [1, 2].map(async index => {
        const text = column === 'content' ? `TO_JSON_STRING(${column})` : `CAST(${column} AS STRING)`;
        return (await askAgentLog(world, `SELECT ${text} AS value FROM agent.chat_events ${where(events, index)}`))[0];
      }),
    );
    const literal = (row: Record<string, unknown> | undefined) => `${type} '${row?.value}'`;
    const sql = `UPDATE agent.chat_events SET ${column} = IF(event_id = '${events[1]?.event_id}', ${literal(other)}, ${literal(one)})
      WHERE event_id IN ('${events[1]?.event_id}', '${events[2]?.event_id}')`;
    await change(world, sql);
    return found(world);
  };
  const both = ['event_changed 2', 'event_changed 3'];
  expect(await swap('event_id', '')).toEqual(both);
  expect(await swap('content', 'JSON')).toEqual(both);
  expect(await swap('event_timestamp', 'TIMESTAMP')).toEqual(both);
});

test.each([
  ['content_hash', "SET content_hash = REPEAT('0', 64)", ['chain_row_changed 3', 'event_changed 3']],
  ['its own hash', "SET chain_hash = REPEAT('0', 64)", ['chain_row_changed 3', 'chain_broken 4']],
  ['the hash before', "SET previous_hash = REPEAT('0', 64)", ['chain_row_changed 3', 'chain_broken 3']],
  [
    'its time',
    'SET recorded_at = TIMESTAMP_SUB(recorded_at, INTERVAL 1 SECOND)',
    ['chain_row_changed 3', 'time_went_back 3'],
  ],
  ['the user', "SET user_ref = 'alu_another'", ['chain_row_changed 3', 'user_unknown 3']],
])('a row of the chain with another value of %s is found', async (_, set, faults) => {
  const { world } = await logged();
  await change(world, `UPDATE agent.chat_event_chain ${set} WHERE sequence = 3`);
  expect(await found(world)).toEqual(faults);
});

test('rows of the chain that are gone are found: at its beginning, within, and at its end', async () => {
  const { world, events } = await logged();
  await change(world, 'DELETE FROM agent.chat_event_chain WHERE sequence IN (1, 3, 4, 6)');
  expect((await found(world)).filter(fault => fault.startsWith('chain'))).toEqual([
    'chain_row_missing 1',
    'chain_row_missing 3 4',
    'chain_row_missing 6',
  ]);
  const unknown = (await verifyLog(world)).faults.filter(({ kind }) => kind === 'event_unknown');
  expect(unknown.map(({ eventId }) => eventId).sort()).toEqual(
    [0, 2, 3, 5].map(index => events[index]?.event_id ?? '').sort(),
  );
});

test('rows of the chain that were made up are found: a second one of a number, one behind the end', async () => {
  const { world } = await logged();
  const copy = (sequence: number) =>
    `INSERT INTO agent.chat_event_chain (sequence, recorded_at, kind, event_id, event_timestamp, user_ref, content_hash, previous_hash, chain_hash)
      SELECT ${sequence}, recorded_at, 'erasure', NULL, NULL, user_ref, content_hash, previous_hash, chain_hash
      FROM agent.chat_event_chain WHERE sequence = 2`;
  await change(world, copy(7));
  expect(await found(world)).toEqual(['beyond_head 7 7']);
  await change(world, copy(4));
  expect(await found(world)).toEqual(['chain_row_twice 4', 'beyond_head 7 7']);
});

/** Writes the chain anew from a row on, with sound hashes, as who has found out how would. */
async function forgeChain(world: World, from: number): Promise<ChainRow[]> {
  const rows: ChainRow[] = [];
  for await (const page of chainPages(world, 1, 100)) rows.push(...page);
  let previous = '';
  for (const row of rows) {
    if (row.sequence >= from) {
      if (row.sequence === from) row.content_hash = '1'.repeat(64);
      else row.previous_hash = previous;
      row.chain_hash = chainHash(row);
      await change(
        world,
        `UPDATE agent.chat_event_chain SET content_hash = '${row.content_hash}', previous_hash = '${row.previous_hash}',
          chain_hash = '${row.chain_hash}' WHERE sequence = ${row.sequence}`,
      );
    }
    previous = row.chain_hash;
  }
  return rows;
}

test('a chain written anew does not end where Postgres says, nor pass through checkpoints if Postgres was changed too', async () => {
  const { world, events } = await logged();
  await sealChains(world);
  await change(world, `DELETE FROM agent.chat_events ${where(events, 4)}`);
  const rows = await forgeChain(world, 5);
  expect(await found(world)).toEqual(expect.arrayContaining(['head_differs 6', 'checkpoint_differs 6']));
  const chainHashNow = rows.at(-1)?.chain_hash ?? '';
  await db()
    .update(agentLogHeads)
    .set({ chainHash: chainHashNow })
    .where(eq(agentLogHeads.customerId, world.customerId));
  expect(await found(world)).toEqual(expect.arrayContaining(['checkpoint_differs 6']));
});

test('a log cut off at its end on both sides is found by its checkpoint', async () => {
  const { world, events } = await logged();
  await sealChains(world);
  for (const index of [4, 5]) await change(world, `DELETE FROM agent.chat_events ${where(events, index)}`);
  await change(world, 'DELETE FROM agent.chat_event_chain WHERE sequence > 4');
  const rows: ChainRow[] = [];
  for await (const page of chainPages(world, 4, 4)) rows.push(...page);
  await db()
    .update(agentLogHeads)
    .set({ sequence: 4, chainHash: rows[0]?.chain_hash ?? '' })
    .where(eq(agentLogHeads.customerId, world.customerId));
  expect(await found(world)).toEqual(['checkpoint_ahead 6']);
});

test('checkpoints are made once a day, none without new rows; a forged one is found', async () => {
  const { world } = await logged();
  const all = () => db().select().from(agentLogCheckpoints).where(eq(agentLogCheckpoints.customerId, world.customerId));
  const [first, second] = [new Date(), new Date(Date.now() + 86_400_000)];
  await sealChains({ ...world, clock: () => first });
  await sealChains({ ...world, clock: () => first });
  await sealChains({ ...world, clock: () => second });
  expect(await all()).toMatchObject([{ sequence: 6 }]);
  await recordAndLoad(world, [chatEvent()]);
  await sealChains({ ...world, clock: () => first });
  expect(await all()).toHaveLength(1);
  await sealChains({ ...world, clock: () => second });
  expect((await all()).map(({ sequence }) => sequence).sort()).toEqual([6, 7]);
  expect(await verifyLog(world)).toMatchObject({ checkpoints: 2, faultCount: 0 });
  const [old] = (await all()).filter(({ sequence }) => sequence === 6);
  const statement = (old?.statement ?? '').replace(/"chain_hash":"./, '"chain_hash":"x');
  await db().update(agentLogCheckpoints).set({ statement }).where(eq(agentLogCheckpoints.sequence, 6));
  expect(await found(world)).toEqual(['checkpoint_forged 6']);
});

test('rows on their way to BigQuery are not missing', async () => {
  const { world } = await logged();
  await consume([agentEntry(world.customerId, [chatEvent(), chatEvent()])]);
  expect(await verifyLog(world)).toMatchObject({ head: 8, arrived: 6, faultCount: 0 });
  expect((await loadAgentLogs([world])).failures).toEqual([]);
  expect(await verifyLog(world)).toMatchObject({ head: 8, arrived: 8, events: 8, faultCount: 0 });
});

test('rows that are gone for their age are not missing: events after a year, the chain two days later', async () => {
  const world = await createWorld();
  worlds.push(world);
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const old = [370, 369].map(count => {
    return chatEvent({ event_timestamp: instantText(days(count)) });
  });
  await recordAndLoad(world, [old[0] as ChatEvent], days(370));
  await sealChains({ ...world, clock: () => days(369) });
  await recordAndLoad(world, [old[1] as ChatEvent], days(369));
  await sealChains({ ...world, clock: () => days(368) });
  await recordAndLoad(world, [chatEvent(), chatEvent()]);
  expect(await found(world)).toEqual([]);
  for (const event of old) await change(world, `DELETE FROM agent.chat_events WHERE event_id = '${event.event_id}'`);
  expect(await found(world)).toEqual([]);
  await change(world, 'DELETE FROM agent.chat_event_chain WHERE sequence = 1');
  expect(await found(world)).toEqual([]);
  await change(world, 'DELETE FROM agent.chat_event_chain WHERE sequence = 2');
  expect(await found(world)).toEqual([]);
  await change(world, 'DELETE FROM agent.chat_event_chain WHERE sequence = 3');
  expect((await found(world)).filter(fault => fault.startsWith('chain'))).toEqual(['chain_row_missing 3']);
});

test('an event that is sent again after its id was forgotten is another; a copy of either that goes is found', async () => {
  const { world, events } = await logged();
  const [again] = events;
  if (!again) throw new Error('there is no event');
  await db().execute(`DELETE FROM agent_log_event_ids WHERE customer_id = '${world.customerId}'`);
  await recordAndLoad(world, [again]);
  expect(await verifyLog(world)).toMatchObject({ rows: 7, head: 7, faultCount: 0 });
  await change(world, `DELETE FROM agent.chat_events ${where(events, 0)}`);
  expect(await found(world)).toEqual(['event_missing 1', 'event_missing 7']);
  await change(
    world,
    `INSERT INTO agent.chat_events (event_id, event_timestamp, session_id, user_id, event_type, content, metadata, client_info)
      VALUES ('${again.event_id}', TIMESTAMP '${again.event_timestamp}', 'session-1', 'user 0', 'message_sent', JSON '{"text":"a"}',
        JSON '{"n":0.5,"latency_ms":12}', JSON '{"user_agent":"agent/1.0","locale":"en"}')`,
  );
  expect(await found(world)).toEqual(['event_missing']);
});
