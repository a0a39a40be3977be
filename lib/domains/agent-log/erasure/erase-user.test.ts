/** A user who is erased: what they said is gone, what tools took and cost stays, the log is whole before and after, and it is on record. */
import { and, eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import {
  agentEntry,
  askAgentLog,
  chatEvent,
  consume,
  dropAgentLogs,
  eraseNow,
  loadAgentLogs,
  recordAndLoad,
  toolCall,
} from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { sealChains } from '@/lib/domains/agent-log/checkpoints/jobs';
import { beginErasure } from '@/lib/domains/agent-log/erasure/begin-erasure';
import { eraseUsers } from '@/lib/domains/agent-log/erasure/carry-out';
import { eraseUser, listErasures } from '@/lib/domains/agent-log/erasure/erase-user';
import { agentConsumer } from '@/lib/domains/agent-log/process/agent-consumer';
import { agentLogErasures, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { verifyLog } from '@/lib/domains/agent-log/verify/verify-log';
import { traceOwners } from '@/lib/domains/traces/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';
import { ingestDeadRows } from '@/lib/warehouse/ingest/tables';

const worlds: World[] = [];
afterAll(() => dropAgentLogs(worlds));
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}

const user_id = 'ada@example.com';
const secret = 'what ada said';
const call = {
  execution_id: 'x1',
  tool_name: 'bq_query',
  status: 'failure',
  latency_ms: 12.5,
  tokens_in: 3,
  cost_usd: 0.25,
  bytes_billed: 10_485_760,
  repo_url: 'https://github.com/acme/shop',
  commit_hash: 'a'.repeat(40),
};
const ofAda = () => [
  chatEvent({ user_id, content: secret, metadata: { note: secret, 'odd.key': secret, model: 'm-1' } }),
  chatEvent({ user_id, content: null, metadata: null, client_info: null }),
  chatEvent({
    user_id,
    event_type: 'tool_end',
    content: { rows: [secret] },
    metadata: { ...call, error_message: secret },
  }),
  chatEvent({ user_id, event_type: 'error', content: secret, metadata: { error_message: secret } }),
];
const ask = (world: World) => eraseUser(world.as('OWNER'), { user_id });
const contents = async (world: World) =>
  JSON.stringify(
    await askAgentLog(
      world,
      `SELECT user_id, TO_JSON_STRING(content) AS content, TO_JSON_STRING(metadata) AS metadata,
        TO_JSON_STRING(client_info) AS client_info FROM agent.chat_events ORDER BY user_id, metadata`,
    ),
  );
const tools = (world: World) =>
  askAgentLog(
    world,
    'SELECT tool_name, status, duration_ms, bytes_billed FROM agent.tool_executions ORDER BY tool_name',
  );
const tracesOf = async ({ customerId }: World) =>
  (await db().select().from(traceOwners).where(eq(traceOwners.customerId, customerId))).map(row => row.developerId);
const faultsOf = async (world: World) => (await verifyLog(world)).faults;

test('content is gone everywhere in BigQuery, tools and costs stay, and the log is whole before and after', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  const bobs = chatEvent({ user_id: 'bob', content: 'what bob said' });
  await recordAndLoad(world, [...ofAda(), bobs, ...toolCall('bq_list', { user_id })]);
  await recordAndLoad(other, ofAda());
  await sealChains(world);
  const [toolsBefore, otherBefore] = [await tools(world), await contents(other)];
  expect(await faultsOf(world)).toEqual([]);

  const { result } = await ask(world);
  expect(result).toMatchObject({ user_id, state: 'REQUESTED', done_at: null });
  expect(await eraseNow(world)).toEqual({ done: 1, waiting: 0, failed: 0 });

  const left = await contents(world);
  expect(left).not.toContain(secret);
  expect(left).not.toContain(user_id);
  expect(left).not.toContain('error_message');
  expect(left).toContain('what bob said');
  expect(await tools(world)).toEqual(toolsBefore);
  const { error_message: _, ...kept } = { ...call, error_message: null };
  expect(left).toContain(result.user_ref);
  const [row] = await askAgentLog(
    world,
    "SELECT TO_JSON_STRING(metadata) AS metadata FROM agent.chat_events WHERE JSON_VALUE(metadata, '$.execution_id') = 'x1'",
  );
  expect(JSON.parse(String(row?.metadata))).toEqual(kept);
  expect(await contents(other)).toBe(otherBefore);
  expect(await verifyLog(world)).toMatchObject({ rows: 8, events: 7, faults: [] });
  expect(await faultsOf(other)).toEqual([]);
});

test('the erasure is on record without the user: in the list, in the chain, in the audit log', async () => {
  const world = await newWorld();
  await recordAndLoad(world, ofAda());
  const { result } = await ask(world);
  expect((await ask(world)).result).toEqual(result);
  await eraseNow(world);
  const { erasures } = await listErasures(world.as('ADMIN'), {});
  expect(erasures).toEqual([{ ...result, user_id: null, state: 'DONE', events: 4, done_at: expect.any(String) }]);
  expect(
    await askAgentLog(world, "SELECT sequence, user_ref FROM agent.chat_event_chain WHERE kind = 'erasure'"),
  ).toEqual([{ sequence: 5, user_ref: result.user_ref }]);
  const audited = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'agent_log.erase_user')));
  expect(audited).toMatchObject([{ targetType: 'agent_log_user', targetId: result.user_ref }]);
  expect(JSON.stringify(audited)).not.toContain(user_id);
  expect(await db().select().from(agentLogUsers).where(eq(agentLogUsers.customerId, world.customerId))).toEqual([]);
  await expect(ask(world)).rejects.toMatchObject({ code: 'not_found' });
});

test('later events of the same user are of somebody new, who may be erased too', async () => {
  const world = await newWorld();
  await recordAndLoad(world, ofAda());
  const first = (await ask(world)).result;
  await eraseNow(world);
  await recordAndLoad(world, [chatEvent({ user_id, content: 'said later' })]);
  expect(await contents(world)).toContain('said later');
  expect(await faultsOf(world)).toEqual([]);
  const second = (await ask(world)).result;
  expect(second.user_ref).not.toBe(first.user_ref);
  await eraseNow(world);
  expect(await contents(world)).not.toContain('said later');
  expect(await verifyLog(world)).toMatchObject({ events: 5, faults: [] });
});

/** Consumes what waits in the log and begins what was asked for; whether it has begun. */
async function begun({ customerId, tenantDatasetId }: World): Promise<boolean> {
  while ((await consumeOnce(agentConsumer)).entries > 0);
  const [erasure] = await db().select().from(agentLogErasures).where(eq(agentLogErasures.customerId, customerId));
  if (!erasure) throw new Error('nothing was asked for');
  return (await beginErasure(erasure, agentDatasetOf(tenantDatasetId), new Date())) !== null;
}

test('what was taken before it was asked for, and is still on its way, goes too; what comes after stays', async () => {
  const world = await newWorld();
  const log = ingestLog('agent-log');
  const { key, meta, body } = agentEntry(world.customerId, [chatEvent({ user_id, content: 'in the log' })]);
  await recordAndLoad(world, ofAda());
  await consume([agentEntry(world.customerId, [chatEvent({ user_id, content: 'in the spool' })])]);
  await log.append({ key, meta, body });
  await ask(world);
  // Consumers of other tests may have taken the entry by now: then it is begun at once.
  await eraseUsers({ customerId: world.customerId });
  await expect.poll(() => begun(world), { timeout: 10_000 }).toBe(true);
  await consume([agentEntry(world.customerId, [chatEvent({ user_id, content: 'after it' })])]);
  expect(await faultsOf(world)).toEqual([]);
  expect(await eraseNow(world)).toMatchObject({ waiting: 0, failed: 0 });
  await loadAgentLogs([world]);
  const left = await contents(world);
  expect(left).not.toContain('in the log');
  expect(left).not.toContain('in the spool');
  expect(left).toContain('after it');
  expect(await verifyLog(world)).toMatchObject({ events: 7, faults: [] });
});

test('cut off after its statement, it goes on, and the log is whole meanwhile', async () => {
  const world = await newWorld();
  await recordAndLoad(world, ofAda());
  await ask(world);
  const before = await db().select().from(agentLogUsers).where(eq(agentLogUsers.customerId, world.customerId));
  await eraseNow(world);
  // As if the process had ended before it said so.
  const hidden = `${before[0]?.userRef}`.padEnd(257, ' ');
  await db()
    .insert(agentLogUsers)
    .values({ ...(before[0] as (typeof before)[0]), userId: hidden });
  await db()
    .update(agentLogErasures)
    .set({ state: 'REQUESTED', userId: user_id, doneAt: null })
    .where(eq(agentLogErasures.customerId, world.customerId));
  expect(await faultsOf(world)).toEqual([]);
  expect(await eraseNow(world)).toEqual({ done: 1, waiting: 0, failed: 0 });
  expect((await listErasures(world.as('OWNER'), {})).erasures).toMatchObject([{ state: 'DONE', events: 4 }]);
  expect(await verifyLog(world)).toMatchObject({ events: 4, faults: [] });
});

test('rows that BigQuery refused lose their content too', async () => {
  const world = await newWorld();
  const [refused = chatEvent(), ...others] = ofAda();
  await recordAndLoad(world, [refused, ...others]);
  const dataset = agentDatasetOf(world.tenantDatasetId);
  const dead = { deadRowId: newId('dead'), dataset, tableName: 'chat_events', rowId: '', error: 'x', loadId: 'load' };
  await db()
    .insert(ingestDeadRows)
    .values({ ...dead, row: JSON.stringify(refused) });
  await ask(world);
  await eraseNow(world);
  const [row] = await db().select().from(ingestDeadRows).where(eq(ingestDeadRows.dataset, dataset));
  expect(row?.row).not.toContain(secret);
  expect(JSON.parse(row?.row ?? '')).toMatchObject({ event_id: refused.event_id, metadata: { model: 'm-1' } });
});

test('content that is written back, and an erasure that nobody asked for, are found', async () => {
  const world = await newWorld();
  const events = ofAda();
  await recordAndLoad(world, events);
  await ask(world);
  await eraseNow(world);
  const first = `event_id = '${events[0]?.event_id}'`;
  await askAgentLog(world, `UPDATE agent.chat_events SET content = JSON '"back"' WHERE ${first}`);
  expect(await faultsOf(world)).toMatchObject([{ kind: 'not_erased', sequence: 1 }]);
  await askAgentLog(world, `UPDATE agent.chat_events SET content = NULL WHERE ${first}`);
  await db()
    .update(agentLogErasures)
    .set({ requestedAt: new Date(0) })
    .where(eq(agentLogErasures.customerId, world.customerId));
  expect(await faultsOf(world)).toMatchObject([{ kind: 'erasure_unknown', sequence: 5 }]);
});

test('a user whom the log does not know is not found', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  await recordAndLoad(other, ofAda());
  await expect(ask(world)).rejects.toMatchObject({ code: 'not_found' });
  await expect(eraseUser(world.as('ADMIN'), { user_id })).rejects.toMatchObject({ code: 'forbidden' });
});

test('traces that were the user’s are nobody’s from the moment it is asked for, and once more when it is done', async () => {
  const world = await newWorld();
  const tell = (traceId: string, developerId: string) =>
    db()
      .insert(traceOwners)
      .values({ customerId: world.customerId, traceId: traceId.repeat(32), developerId, toldAt: new Date() });
  await recordAndLoad(world, ofAda());
  await tell('a', user_id);
  await tell('b', 'bob');
  await ask(world);
  expect(await tracesOf(world)).toEqual(['bob']);
  // A request that was under way.
  await tell('c', user_id);
  expect(await eraseNow(world)).toMatchObject({ done: 1 });
  expect(await tracesOf(world)).toEqual(['bob']);
});
