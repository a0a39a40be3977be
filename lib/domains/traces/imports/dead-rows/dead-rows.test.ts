/** What BigQuery refuses of AI usage is shown with its words, and comes into the tables once it is put back in line. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import { namedRow } from '@/dev/testing/traces/named-rows';
import { insertTraceDeadRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { listTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/list-dead-rows';
import { replayTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/replay-dead-rows';
import { traceIngest } from '@/lib/domains/traces/ingest';
import { auditLog } from '@/lib/kernel/tables';
import { bigquery, bigqueryRequest, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
let client: ReturnType<typeof createBigQuery>;
const worlds: World[] = [];
beforeAll(async () => {
  client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: await proxy.listen() });
});
afterAll(async () => {
  proxy.close();
  const drop = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(drop));
});

const load = ({ tenantDatasetId }: World) =>
  loadOnce(
    { bigquery: client, definitions: [traceIngest], limits: { propagationMs: [50, 100] } },
    { datasets: [tenantDatasetId] },
  );
const hashes = async ({ tenantDatasetId: dataset }: World) =>
  (await runStatement({ name: 'test/rows', sql: `SELECT trace_hash FROM \`${dataset}.sessions\`` })).rows;
const list = (of: World, asked = {}) => listTraceDeadRows(of.as('VIEWER'), asked);

test('a refused request is listed with its reason, and is in the tables once it was put back', async () => {
  const world = await createWorld();
  worlds.push(world);
  const { customerId, tenantDatasetId: dataset } = world;
  const poison = namedRow('poison', { error_message: 'this row is refused' });
  const target = { log: 'traces', dataset, tableName: 'sessions', customerId, mode: 'keyed' } as const;
  const ndjson = `${JSON.stringify(poison)}\n`;
  const chunk = { chunkId: newId('chk'), ...target, columns: {}, ndjson, rows: 1 };
  await db().transaction(tx => writeChunks(tx, [chunk]));
  proxy.poison = 'this row is refused';
  await load(world);
  const { rows, total } = await list(world);
  const { trace_hash, session_id, model } = poison;
  expect(rows).toMatchObject([{ trace_hash, session_id, model, error: expect.stringMatching(/\w/) }]);
  expect(total).toBe(1);
  const dead_row_ids = rows.map(row => row.dead_row_id);
  await expect(replayTraceDeadRows(world.as('VIEWER'), { dead_row_ids })).rejects.toMatchObject({ code: 'forbidden' });
  proxy.poison = null;
  expect((await replayTraceDeadRows(world.as('COLLABORATOR'), { dead_row_ids })).result).toEqual({ replayed: 1 });
  expect((await replayTraceDeadRows(world.as('ADMIN'), { dead_row_ids })).result).toEqual({ replayed: 0 });
  expect(await list(world)).toMatchObject({ rows: [], total: 0 });
  expect(await load(world)).toMatchObject({ rows: 1, failures: [] });
  expect(await hashes(world)).toEqual([{ trace_hash }]);
  const entries = await db().select().from(auditLog).where(eq(auditLog.customerId, customerId));
  const replays = entries.filter(({ action, after }) => action === 'trace_dead_row.replay' && after !== null);
  expect(replays).toMatchObject([{ after: { rows: 1 } }]);
});

test('refused requests come in pages, without secrets, and to their own customer alone', async () => {
  const [own, other] = [await createWorld(), await createWorld()];
  const ids: string[] = [];
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    const failedAt = new Date(Date.now() - 3_000 + 1_000 * index);
    const row = namedRow(name, { error_message: 'key sk-aaaaaaaaaaaaaaaaaaaaaaaa' });
    ids.push(await insertTraceDeadRow(own, `refused ${name}`, row, failedAt));
  }
  const first = await list(own, { limit: 2 });
  const second = await list(own, { limit: 2, after: first.nextCursor ?? '' });
  expect([...first.rows, ...second.rows].map(row => row.error)).toEqual(['refused c', 'refused b', 'refused a']);
  expect(second.nextCursor).toBeNull();
  expect(JSON.stringify(first)).not.toContain('sk-aaaa');
  expect(await list(other)).toMatchObject({ rows: [], total: 0 });
  await expect(replayTraceDeadRows(other.as('OWNER'), { dead_row_ids: ids })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect((await list(own)).total).toBe(3);
});
