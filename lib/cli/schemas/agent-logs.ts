/** Agent logs of customers in `cli schemas plan|apply --all-tenants`: those that are there are brought to their definitions too. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { TenantWork } from '@/lib/cli/schemas/tenants';
import { ensureToolView, toolViewName } from '@/lib/domains/agent-log/load/tool-view';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { pacedClient } from '@/lib/platform/bigquery/paced-client';
import { envPart } from '@/lib/platform/env';
import { agentDatasetOf, logsProjectId } from '@/lib/warehouse/agent-dataset';
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

/** The view of the agent log where it is of another version. Its statement names the project of the settings, so in another one it is left. */
async function viewChanges(client: BigQuery, tenantDataset: string, makes: boolean): Promise<Change[]> {
  if (client.projectId !== logsProjectId() || !(await ensureToolView(client, tenantDataset, { makes }))) return [];
  const detail = 'the view gets the statement of this version';
  return [{ kind: 'replace_view', dataset: agentDatasetOf(tenantDataset), table: toolViewName, detail }];
}

/** The work for a customer's own dataset, and then for its agent log where it has one: the first event makes it. `makes`: the view too. */
export function withAgentLog(work: Work, { makes }: { makes: boolean }): Work {
  return async (target: Target): Promise<Change[]> => {
    const changes = await work(target);
    const client = logsClient(target.client);
    const dataset = agentDatasetOf(target.dataset);
    if (!(await getDataset(client, dataset))) return changes;
    const ofLog = await work({ ...target, client, dataset, folder: 'agent' });
    return [...changes, ...ofLog, ...(await viewChanges(client, target.dataset, makes))];
  };
}
