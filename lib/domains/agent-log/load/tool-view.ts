/** The view tool_executions of a customer's agent log, and whether it is that of this version. */
import type { BigQuery } from '@google-cloud/bigquery';
import { env } from '@/lib/platform/env';
import { sqlFile } from '@/lib/platform/sql-file';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { withDatasets } from '@/lib/warehouse/query/datasets';
import { getTable, type LiveTable, runDdl } from '@/lib/warehouse/schemas/rest';

/** Its statement in sql/. */
export const toolViewFile = 'views/create-tool-executions.sql';
export const toolViewName = 'tool_executions';

const words = (sql: string) => sql.replaceAll(/\s+/g, ' ').trim();

/** How a live view stands to the statement that makes it; a local store does not say what its views read. Pure. */
export function viewStanding(live: Pick<LiveTable, 'view'> | null, sql: string): 'same' | 'other' | 'unsaid' {
  if (!live) return 'other';
  const query = live.view?.query;
  if (!query) return 'unsaid';
  return words(sql).endsWith(words(query)) ? 'same' : 'other';
}

/**
 * Whether the view is missing or of another statement; with `makes` it is then made anew, and where that is not said too. Never
 * else: each making counts against the service's limit of changes. Throws BigQueryStatementError, BigQueryUnavailableError.
 */
export async function ensureToolView(
  bigquery: BigQuery,
  tenantDataset: string,
  { makes }: { makes: boolean },
): Promise<boolean> {
  const sql = withDatasets(sqlFile(toolViewFile), { tenant: tenantDataset, source: null });
  const standing = viewStanding(await getTable(bigquery, agentDatasetOf(tenantDataset), toolViewName), sql);
  if (makes && standing !== 'same') await runDdl(bigquery, sql, env().BIGQUERY_LOCATION);
  return standing === 'other';
}
