/** When an organization ends, nothing of its agent log is left: log, rows on their way, ids, users, chain, dataset; others' stay. */
import { sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import {
  agentEntry,
  chatEvent,
  consume,
  dropAgentLogs,
  loadAgentLogs,
  recordAndLoad,
} from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { sealChains } from '@/lib/domains/agent-log/checkpoints/jobs';
import { eraseUser } from '@/lib/domains/agent-log/erasure/erase-user';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { eraseDueCustomers } from '@/lib/domains/organizations/erasure';
import { db } from '@/lib/platform/db';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { ingestLog } from '@/lib/warehouse/ingest/tables';
import { getDataset } from '@/lib/warehouse/schemas/rest';

const worlds: World[] = [];
afterAll(() => dropAgentLogs(worlds));

async function leaveLog(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  const { customerId } = world;
  await recordAndLoad(world, [chatEvent()]);
  await consume([agentEntry(customerId, [chatEvent()])]);
  await sealChains({ customerId });
  await eraseUser(world.as('OWNER'), { user_id: 'ada@example.com' });
  const shard = Math.floor(Math.random() * 30_000);
  await db().insert(ingestLog).values({ log: 'agent-log', shard, position: 1, key: customerId, meta: '{}', body: '' });
  return world;
}

async function leftOf({ customerId, tenantDatasetId }: World): Promise<Record<string, unknown>> {
  const dataset = agentDatasetOf(tenantDatasetId);
  const { rows } = await db().execute<Record<string, number>>(sql`
    SELECT (SELECT count(*)::int FROM ingest_log WHERE key = ${customerId}) AS log,
      (SELECT count(*)::int FROM ingest_chunks WHERE dataset = ${dataset}) AS chunks,
      (SELECT count(*)::int FROM ingest_tables WHERE dataset = ${dataset}) AS tables,
      (SELECT count(*)::int FROM agent_log_event_ids WHERE customer_id = ${customerId}) AS ids,
      (SELECT count(*)::int FROM agent_log_users WHERE customer_id = ${customerId}) AS users,
      (SELECT count(*)::int FROM agent_log_heads WHERE customer_id = ${customerId}) AS heads,
      (SELECT count(*)::int FROM agent_log_checkpoints WHERE customer_id = ${customerId}) AS checkpoints,
      (SELECT count(*)::int FROM agent_log_erasures WHERE customer_id = ${customerId}) AS erasures`);
  return { ...rows[0], dataset: (await getDataset(logsBigQuery(), dataset)) !== null };
}

test('an erased organization leaves no agent log, what arrives later does not make it anew, and others keep theirs', async () => {
  const [ended, other] = [await leaveLog(), await leaveLog()];
  await requestDeletion(ended.as('OWNER'), { confirm: ended.customer.companyName });
  const clock = () => new Date(Date.now() + 30.01 * 86_400_000);
  expect(await eraseDueCustomers({ clock, customerId: ended.customerId })).toMatchObject({ erased: 1, failed: 0 });
  await consume([agentEntry(ended.customerId, [chatEvent()])]);
  await loadAgentLogs([ended]);
  const nothing = { log: 0, chunks: 0, tables: 0, ids: 0, users: 0, heads: 0, checkpoints: 0, erasures: 0 };
  expect(await leftOf(ended)).toEqual({ ...nothing, dataset: false });
  const all = { log: 1, chunks: 4, tables: 2, ids: 2, users: 1, heads: 1, checkpoints: 1, erasures: 1 };
  expect(await leftOf(other)).toEqual({ ...all, dataset: true });
});
