/** Agent logs of customers in `cli schemas plan|apply --all-tenants`: those that are there are brought to their definitions too. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { TenantWork } from '@/lib/cli/schemas/tenants';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { pacedClient } from '@/lib/platform/bigquery/paced-client';
import { envPart } from '@/lib/platform/env';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import type { Change } from '@/lib/warehouse/schemas/plan';
import { getDataset } from '@/lib/warehouse/schemas/rest';

type Work = TenantWork['work'];
type Target = Parameters<Work>[0];

/** Clients of projects that hold agent logs beside the one that is worked on. */
const clients = new Map<string, BigQuery>();

/** The client of the project that agent logs lie in. */
export function logsClient(client: BigQuery): BigQuery {
  const { LOGS_PROJECT_ID: projectId, BIGQUERY_API_URL: apiUrl } = envPart('LOGS_PROJECT_ID', 'BIGQUERY_API_URL');
  if (!projectId || projectId === client.projectId) return client;
  const known = clients.get(projectId) ?? createBigQuery({ projectId, apiUrl });
  if (!clients.has(projectId)) pacedClient(known);
  clients.set(projectId, known);
  return known;
}

/** The work for a customer's own dataset, and then for its agent log where it has one: the first event makes it. */
export function withAgentLog(work: Work): Work {
  return async (target: Target): Promise<Change[]> => {
    const changes = await work(target);
    const client = logsClient(target.client);
    const dataset = agentDatasetOf(target.dataset);
    if (!(await getDataset(client, dataset))) return changes;
    return [...changes, ...(await work({ ...target, client, dataset, folder: 'agent' }))];
  };
}
