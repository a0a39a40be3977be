/** The datasets that a statement's tables lie in: `tenant`, `source` and `agent` in its text stand for the caller's own. */
import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import type { SqlFile } from '@/lib/platform/sql-file';
import { agentDatasetOf, logsProjectId } from '@/lib/warehouse/agent-dataset';

export type Datasets = {
  /** The customer's own; null where there is no customer. */
  tenant: string | null;
  /** Of the event source that is asked about; null where none is. */
  source: string | null;
};

const patterns = { tenant: /^[a-z][a-z0-9_]{2,63}$/, source: /^[a-z_][a-z0-9_]{0,1023}$/ };

/** Names the dataset in the place of its stand-in. */
const named = (text: string, stand: string, dataset: string): string =>
  text.replace(new RegExp(`\\b${stand}\\.([a-z_]+)\\b`, 'g'), (_, table: string) => `\`${dataset}.${table}\``);

/** An agent log lies in a project of its own where the settings say so, beside whose names stands the customer's. */
function withAgentDataset(text: string, file: SqlFile, { tenant }: Datasets): string {
  if (!file.tables.some(table => table.startsWith('agent.'))) return text;
  if (!tenant || !patterns.tenant.test(tenant)) throw new Error(`no agent dataset for ${file.name}`);
  return named(text, 'agent', `${logsProjectId()}.${agentDatasetOf(tenant)}`);
}

/** Puts the caller's datasets in the place of their stand-ins; names are checked because they cannot be parameters. */
export function withDatasets(file: SqlFile, datasets: Datasets): string {
  let { text } = file;
  for (const stand of ['tenant', 'source'] as const) {
    if (!file.tables.some(table => table.startsWith(`${stand}.`))) continue;
    const dataset = datasets[stand];
    if (!dataset || !patterns[stand].test(dataset)) throw new Error(`no ${stand} dataset for ${file.name}`);
    text = named(text, stand, dataset);
  }
  return withAgentDataset(text, file, datasets);
}

/**
 * A customer's own dataset and that of its agent log are made with their first row: until one was written (`versions` then name
 * it), not found means no rows. A source's tables are made as its events need them, so there it always does.
 */
export function isNotThereYet(error: unknown, { tenant, source }: Datasets, versions: string): boolean {
  if (!(error instanceof BigQueryStatementError) || error.reason !== 'notFound') return false;
  if (source && error.message.includes(source)) return true;
  return tenant !== null && error.message.includes(tenant) && !/(^|,)(?:tenant|agent)\./.test(versions);
}
