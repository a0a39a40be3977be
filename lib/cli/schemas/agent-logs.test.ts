/** An upgrade of all customers' datasets reaches their agent logs too, where they have one, and makes none. */
import { afterAll, expect, test } from 'vitest';
import { askAgentLog, chatEvent, dropAgentLogs, recordAndLoad } from '@/dev/testing/agent-log/record';
import { createWorld } from '@/dev/testing/world';
import { withAgentLog } from '@/lib/cli/schemas/agent-logs';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { getDataset, runDdl } from '@/lib/warehouse/schemas/rest';

const worlds = [await createWorld(), await createWorld()];
afterAll(() => dropAgentLogs(worlds));

const target = { folder: 'metadata', location: 'US', signal: AbortSignal.any([]), onProgress: () => {} } as const;

test('a table that an agent log lacks is among the changes; a customer without one gets none', async () => {
  const [world, without] = worlds;
  if (!world || !without) throw new Error('there are no customers');
  await recordAndLoad(world, [chatEvent()]);
  const client = logsBigQuery();
  const dataset = agentDatasetOf(world.tenantDatasetId);
  await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}/tables/repo_snapshots` });
  const asked: string[] = [];
  const counting: Parameters<typeof withAgentLog>[0] = async ({ folder, dataset: of, location }) => {
    asked.push(`${folder} ${of}`);
    return folder === 'agent'
      ? planSchemas(client, { dataset: of, location, definitions: loadDefinitions(folder) })
      : [];
  };
  const work = withAgentLog(counting, { makes: false });
  expect(await work({ ...target, client, dataset: world.tenantDatasetId })).toMatchObject([
    { kind: 'create_table', table: 'repo_snapshots' },
  ]);
  expect(await work({ ...target, client, dataset: without.tenantDatasetId })).toEqual([]);
  expect(asked).toEqual([
    `metadata ${world.tenantDatasetId}`,
    `agent ${dataset}`,
    `metadata ${without.tenantDatasetId}`,
  ]);
  expect(await getDataset(client, agentDatasetOf(without.tenantDatasetId))).toBeNull();
});

test('a view that is missing or of another version is made by apply, and plan changes nothing', async () => {
  const world = await createWorld();
  worlds.push(world);
  await recordAndLoad(world, [chatEvent()]);
  const client = logsBigQuery();
  const dataset = agentDatasetOf(world.tenantDatasetId);
  const view = `\`${client.projectId}.${dataset}.tool_executions\``;
  await runDdl(client, `DROP VIEW ${view}`, 'US');
  const of = (makes: boolean) =>
    withAgentLog(async () => [], { makes })({ ...target, client, dataset: world.tenantDatasetId });
  const changes = [{ kind: 'replace_view', dataset, table: 'tool_executions' }];
  expect(await of(false)).toMatchObject(changes);
  expect(await of(true)).toMatchObject(changes);
  expect(await of(true)).toEqual([]);
  const calls = () => askAgentLog(world, 'SELECT tool_name, duration_ms FROM agent.tool_executions');
  expect(await calls()).toEqual([]);
  await runDdl(client, `CREATE OR REPLACE VIEW ${view} AS SELECT 'old' AS tool_name, 1 AS duration_ms`, 'US');
  await of(false);
  expect(await calls()).toHaveLength(1);
  await of(true);
  expect(await calls()).toEqual([]);
});
