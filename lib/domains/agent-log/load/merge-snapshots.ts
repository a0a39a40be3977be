/** Snapshots of repositories are laid over those that are there: one row a repository and commit, the last one reported wins. */
import type { RepoSnapshot } from '@/lib/domains/agent-log/events';
import { ensureAgentTables } from '@/lib/domains/agent-log/load/agent-tables';
import { forgettingTables } from '@/lib/domains/agent-log/load/forgetting-tables';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { LoadRefusedError, runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { SendContext, Sending } from '@/lib/warehouse/ingest/load/sending-type';
import { asLoad, dropStage, makeStage, type Stage } from '@/lib/warehouse/ingest/load/stage';
import { ownerOf } from '@/lib/warehouse/ingest/table-owner';
import { tables } from '@/lib/warehouse/rows/agent';

const { columns, primaryKey } = tables.repo_snapshots;
const names = Object.keys(columns);
const fields = Object.entries(columns).map(([name, { type }]) => ({ name, type }));
const mergeTimeoutMs = 300_000;

/** The rows of a batch, of those of one repository and commit the last. */
function lastOfEach(ndjson: string): string {
  const last = new Map<string, string>();
  for (const line of ndjson.split('\n')) {
    if (line === '') continue;
    const { repo_url, commit_hash } = JSON.parse(line) as RepoSnapshot;
    last.set(JSON.stringify([repo_url, commit_hash]), `${line}\n`);
  }
  return [...last.values()].join('');
}

/** Repeated it changes nothing more. */
function mergeSql({ dataset, stage }: Stage): string {
  const key = primaryKey.map(name => `T.${name} = S.${name}`).join(' AND ');
  const rest = names.filter(name => !(primaryKey as readonly string[]).includes(name));
  return [
    `MERGE \`${dataset}.repo_snapshots\` T USING \`${dataset}.${stage}\` S ON ${key}`,
    `WHEN MATCHED THEN UPDATE SET ${rest.map(name => `${name} = S.${name}`).join(', ')}`,
    `WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map(name => `S.${name}`).join(', ')})`,
  ].join('\n');
}

type Merge = { place: Stage; jobIds: readonly string[]; ndjson: string; customerId: string };

async function merge(context: SendContext, { place, jobIds, ndjson, customerId }: Merge): Promise<void> {
  const [loadId = '', mergeId = ''] = jobIds;
  const labels = { customer: customerId };
  const { dataset, stage } = place;
  await makeStage(context, place, fields);
  try {
    await runLoadJob({ jobId: loadId, dataset, table: stage, fields, ndjson, labels }, context.bigquery);
    const job = { jobId: mergeId, name: 'agent-log/merge-snapshots', sql: mergeSql(place), labels };
    await asLoad(runJob({ ...job, timeoutMs: mergeTimeoutMs }, context.bigquery));
    await dropStage(context, place);
  } catch (error) {
    // Where the fate of the MERGE is not known the stage stays for it until it expires.
    if (error instanceof LoadRefusedError) await dropStage(context, place);
    throw error;
  }
}

export const mergeSnapshots: Sending = {
  steps: ['stage', 'merge'],
  loadJobs: 1,
  send: async (context, { dataset, tableName, loadId, jobIds }, { ndjson }) => {
    const customerId = await ownerOf({ dataset, tableName });
    await asLoad(ensureAgentTables(context.bigquery, customerId, dataset));
    const place = { dataset, stage: `stage_${tableName}_${loadId}` };
    await forgettingTables(dataset, () => merge(context, { place, jobIds, ndjson: lastOfEach(ndjson), customerId }));
  },
};
