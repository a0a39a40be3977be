/** Wherever a crash falls between the spool and BigQuery, each event is one row of tables that are as the document says. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import {
  agentEntry,
  askAgentLog,
  chatEvent,
  consume,
  dropAgentLogs,
  loadAgentLogs,
  recordAndLoad,
  toolCall,
} from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import type { RepoSnapshot } from '@/lib/domains/agent-log/events';
import { agentIngest } from '@/lib/domains/agent-log/ingest';
import { chunkOf } from '@/lib/domains/agent-log/process/agent-consumer';
import { dataVersions } from '@/lib/kernel/tables';
import { bigqueryRequest, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { replayDeadRows } from '@/lib/warehouse/ingest/load/dead-rows';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import { ingestDeadRows, ingestLoads } from '@/lib/warehouse/ingest/tables';
import { getTable } from '@/lib/warehouse/schemas/rest';

const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
let client: ReturnType<typeof createBigQuery>;
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
beforeAll(async () => {
  client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: await proxy.listen() });
});
beforeEach(() => {
  proxy.faults.length = 0;
  proxy.poison = null;
  proxy.down = false;
  proxy.dieAfter = null;
});
afterAll(async () => {
  proxy.close();
  await dropAgentLogs(worlds);
});

const load = (of: World[], hooks: LoaderDeps['hooks'] = {}) =>
  loadAgentLogs(of, {
    definitions: [{ ...agentIngest, bigquery: () => client }],
    limits: { propagationMs: [50, 100] },
    hooks,
  });
const put = (world: World, rows: Parameters<typeof agentEntry>[1], kind?: 'snapshots') =>
  consume([agentEntry(world.customerId, rows, kind)]);
const ids = async (world: World) =>
  (await askAgentLog(world, 'SELECT event_id FROM agent.chat_events ORDER BY event_id')).map(row => row.event_id);
const sequences = async (world: World) =>
  (await askAgentLog(world, 'SELECT sequence FROM agent.chat_event_chain ORDER BY sequence')).map(row => row.sequence);
const statesOf = async ({ tenantDatasetId }: World) =>
  (
    await db()
      .select()
      .from(ingestLoads)
      .where(eq(ingestLoads.dataset, agentDatasetOf(tenantDatasetId)))
  ).map(({ state }) => state);
const died = () => Promise.reject(new Error('the process is gone'));
const snapshot = (given: Partial<RepoSnapshot> = {}): RepoSnapshot => ({
  commit_hash: 'a'.repeat(40),
  repo_url: 'https://github.com/acme/shop',
  indexed_at: instantText(new Date()),
  file_count: 12,
  total_tokens: 3_000,
  vector_index_path: 'gs://acme/index',
  ...given,
});

test('the dataset and its tables are as the document says: columns, days, clusters, 365 days, and a year for what comes later', async () => {
  const world = await newWorld();
  await recordAndLoad(world, [chatEvent()]);
  const dataset = agentDatasetOf(world.tenantDatasetId);
  const columns = await runStatement(
    {
      name: 'test/columns',
      sql: `SELECT table_name, column_name, data_type, is_nullable FROM \`${dataset}\`.INFORMATION_SCHEMA.COLUMNS
        WHERE table_name IN ('chat_events', 'repo_snapshots') ORDER BY table_name, ordinal_position`,
    },
    logsBigQuery(),
  );
  expect(columns.rows.map(row => `${row.table_name} ${row.column_name} ${row.data_type} ${row.is_nullable}`)).toEqual([
    'chat_events event_id STRING NO',
    'chat_events event_timestamp TIMESTAMP NO',
    'chat_events session_id STRING NO',
    'chat_events user_id STRING NO',
    'chat_events event_type STRING NO',
    'chat_events content JSON YES',
    'chat_events metadata JSON YES',
    'chat_events client_info JSON YES',
    'repo_snapshots commit_hash STRING NO',
    'repo_snapshots repo_url STRING NO',
    'repo_snapshots indexed_at TIMESTAMP NO',
    'repo_snapshots file_count INT64 YES',
    'repo_snapshots total_tokens INT64 YES',
    'repo_snapshots vector_index_path STRING YES',
  ]);
  expect(await getTable(logsBigQuery(), dataset, 'chat_events')).toMatchObject({
    timePartitioning: { type: 'DAY', field: 'event_timestamp', expirationMs: String(365 * 86_400_000) },
    clustering: { fields: ['session_id', 'user_id', 'event_type'] },
  });
  expect(await bigqueryRequest(logsBigQuery(), { method: 'GET', uri: `/datasets/${dataset}` })).toMatchObject({
    defaultPartitionExpirationMs: '31536000000',
  });
});

test('start and end of a call are one row of tool_executions; a failed one shows failure and message', async () => {
  const world = await newWorld();
  await recordAndLoad(world, [
    ...toolCall('bq_list_tables'),
    ...toolCall('bq_query', {}, { status: 'failure', error_message: 'Not found: Table x' }),
  ]);
  const rows = await askAgentLog(
    world,
    'SELECT tool_name, duration_ms, status, error_message, bytes_billed FROM agent.tool_executions ORDER BY tool_name',
  );
  const call = { duration_ms: 1_000, bytes_billed: 10_485_760 };
  expect(rows).toEqual([
    { tool_name: 'bq_list_tables', status: 'success', error_message: null, ...call },
    { tool_name: 'bq_query', status: 'failure', error_message: 'Not found: Table x', ...call },
  ]);
});

test('a snapshot that is reported is listed, once a commit, the last one as it was said', async () => {
  const world = await newWorld();
  const other = snapshot({ commit_hash: 'b'.repeat(40), file_count: null, vector_index_path: null });
  await put(world, [snapshot({ file_count: 1 }), other, snapshot({ file_count: 2 })], 'snapshots');
  expect(await load([world])).toMatchObject({ failures: [] });
  await put(world, [snapshot({ file_count: 3, total_tokens: null })], 'snapshots');
  expect(await load([world])).toMatchObject({ failures: [] });
  const sql = 'SELECT commit_hash, file_count, total_tokens FROM agent.repo_snapshots ORDER BY commit_hash';
  expect(await askAgentLog(world, sql)).toEqual([
    { commit_hash: 'a'.repeat(40), file_count: 3, total_tokens: null },
    { commit_hash: 'b'.repeat(40), file_count: null, total_tokens: 3_000 },
  ]);
});

test('a load raises the versions that pages follow', async () => {
  const world = await newWorld();
  await put(world, [chatEvent()]);
  await put(world, [snapshot()], 'snapshots');
  await load([world]);
  const versions = await db().select().from(dataVersions).where(eq(dataVersions.customerId, world.customerId));
  expect(versions.map(({ tableName }) => tableName)).toEqual(
    expect.arrayContaining([
      'agent.chat_events',
      'agent.tool_executions',
      'agent.chat_event_chain',
      'agent.repo_snapshots',
    ]),
  );
});

test.each(['beforeSend', 'afterSend'] as const)(
  'loaders that die %s leave each event and each row of the chain once',
  async point => {
    const world = await newWorld();
    const events = [chatEvent(), chatEvent()];
    await put(world, events);
    await put(world, [snapshot()], 'snapshots');
    await load([world], { [point]: died });
    expect(await statesOf(world)).toEqual(['SENDING', 'SENDING', 'SENDING']);
    const later = chatEvent();
    await put(world, [later]);
    await load([world]);
    expect(await statesOf(world)).not.toContain('SENDING');
    expect(await ids(world)).toEqual([...events, later].map(event => event.event_id).sort());
    expect(await sequences(world)).toEqual([1, 2, 3]);
    expect(await askAgentLog(world, 'SELECT file_count FROM agent.repo_snapshots')).toEqual([{ file_count: 12 }]);
  },
);

test.each(['load', 'stage', 'merge'])('a loader that dies once a job "%s" has run adds nothing twice', async step => {
  const world = await newWorld();
  await put(world, [chatEvent(), chatEvent()]);
  await put(world, [snapshot()], 'snapshots');
  proxy.dieAfter = `tenantry_${step}_`;
  expect((await load([world])).failures).not.toEqual([]);
  proxy.down = false;
  for (let round = 0; round < 3; round++) await load([world]);
  expect(await statesOf(world)).not.toContain('SENDING');
  expect(await ids(world)).toHaveLength(2);
  expect(await sequences(world)).toEqual([1, 2]);
  expect(await askAgentLog(world, 'SELECT file_count FROM agent.repo_snapshots')).toHaveLength(1);
});

test.each(['503', 'lost', 'backendError', 'never arrives'] as const)(
  'events whose load meets "%s" are brought by a later round, once',
  async fault => {
    const world = await newWorld();
    await put(world, [chatEvent()]);
    proxy.faults.push(fault, fault);
    expect((await load([world])).failures).toHaveLength(2);
    await load([world]);
    expect(await ids(world)).toHaveLength(1);
    expect(await sequences(world)).toEqual([1]);
  },
);

test('a row that BigQuery refuses is set aside with its words, and the others arrive', async () => {
  const world = await newWorld();
  const poison = chatEvent({ content: 'this row is refused' });
  await put(world, [chatEvent(), poison, chatEvent()]);
  proxy.poison = 'this row is refused';
  await load([world]);
  expect(await ids(world)).toHaveLength(2);
  const dead = await db()
    .select()
    .from(ingestDeadRows)
    .where(eq(ingestDeadRows.dataset, agentDatasetOf(world.tenantDatasetId)));
  expect(dead).toMatchObject([{ tableName: 'chat_events', row: JSON.stringify(poison) }]);
  proxy.poison = null;
  const again = dead.map(row => row.deadRowId);
  expect(await db().transaction(tx => replayDeadRows(tx, agentDatasetOf(world.tenantDatasetId), again))).toBe(1);
  await load([world]);
  expect(await ids(world)).toContain(poison.event_id);
});

test('rows for a dataset that is not the customer’s agent log are never sent, as after the customer is gone', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  const dataset = agentDatasetOf(other.tenantDatasetId);
  await db().transaction(tx =>
    writeChunks(tx, chunkOf({ customerId: world.customerId, dataset }, 'chat_events', [chatEvent()])),
  );
  const { failures } = await load([other]);
  expect(String(failures[0]?.error)).toContain('is not the agent log of the customer');
  await expect(ids(other)).rejects.toThrow();
});

test('with other settings the rows go to another project and to datasets of another name', async () => {
  const world = await newWorld();
  const settings = env();
  const { LOGS_PROJECT_ID: project, LOGS_DATASET: name } = settings;
  const restore = () => {
    Object.assign(settings, { LOGS_PROJECT_ID: project, LOGS_DATASET: name });
    forgetProcessWide('logs-bigquery');
  };
  onTestFinished(restore);
  Object.assign(settings, { LOGS_PROJECT_ID: 'acme-logs', LOGS_DATASET: 'agent_log' });
  forgetProcessWide('logs-bigquery');
  await recordAndLoad(world, toolCall('bq_query'));
  const sql = (project: string, table: string) =>
    `SELECT COUNT(*) AS n FROM \`${project}.${world.tenantDatasetId}_agent_log.${table}\``;
  const count = async (project: string, table: string) =>
    (await runStatement({ name: 'test/count', sql: sql(project, table) })).rows[0]?.n;
  expect(await count('acme-logs', 'chat_events')).toBe(2);
  expect(await count('acme-logs', 'chat_event_chain')).toBe(2);
  expect(await count('acme-logs', 'tool_executions')).toBe(1);
  await expect(count(settings.GOOGLE_CLOUD_PROJECT, 'chat_events')).rejects.toThrow();
  await dropAgentLogs([world]);
});
