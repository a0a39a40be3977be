/** An upgrade of all customers' datasets reaches their agent logs too, where they have one, and makes none. */
import { afterAll, expect, test } from 'vitest';
import { chatEvent, dropAgentLogs, recordAndLoad } from '@/dev/testing/agent-log/record';
import { createWorld } from '@/dev/testing/world';
import { withAgentLog } from '@/lib/cli/schemas/agent-logs';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { getDataset } from '@/lib/warehouse/schemas/rest';

const worlds = [await createWorld(), await createWorld()];
afterAll(() => dropAgentLogs(worlds));

test('a table that an agent log lacks is among the changes; a customer without one gets none', async () => {
  const [world, without] = worlds;
  if (!world || !without) throw new Error('there are no customers');
  await recordAndLoad(world, [chatEvent()]);
  const client = logsBigQuery();
  const dataset = agentDatasetOf(world.tenantDatasetId);
  await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}/tables/repo_snapshots` });
  const asked: string[] = [];
  const work = withAgentLog(async ({ folder, dataset: of, location }) => {
    asked.push(`${folder} ${of}`);
    return folder === 'agent'
      ? planSchemas(client, { dataset: of, location, definitions: loadDefinitions(folder) })
      : [];
  });
  const target = {
    client,
    folder: 'metadata',
    location: 'US',
    signal: AbortSignal.any([]),
    onProgress: () => {},
  } as const;
  expect(await work({ ...target, dataset: world.tenantDatasetId })).toMatchObject([
    { kind: 'create_table', table: 'repo_snapshots' },
  ]);
  expect(await work({ ...target, dataset: without.tenantDatasetId })).toEqual([]);
  expect(asked).toEqual([
    `metadata ${world.tenantDatasetId}`,
    `agent ${dataset}`,
    `metadata ${without.tenantDatasetId}`,
  ]);
  expect(await getDataset(client, agentDatasetOf(without.tenantDatasetId))).toBeNull();
});
