/** Rows of the agent log are added to their table by one load job, all or none. Source: docs/architecture.md, Agent log. */
import { ensureAgentTables } from '@/lib/domains/agent-log/load/agent-tables';
import { forgettingTables } from '@/lib/domains/agent-log/load/forgetting-tables';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { Sending } from '@/lib/warehouse/ingest/load/sending-type';
import { asLoad } from '@/lib/warehouse/ingest/load/stage';
import { ownerOf } from '@/lib/warehouse/ingest/table-owner';

/** The job's id stands in the load's manifest before it is sent, so that a crash adds nothing twice. */
export const appendRows: Sending = {
  steps: ['load'],
  loadJobs: 1,
  linesAreSpooled: true,
  send: async ({ bigquery }, { dataset, tableName, jobIds }, { ndjson }) => {
    const customerId = await ownerOf({ dataset, tableName });
    await asLoad(ensureAgentTables(bigquery, customerId, dataset));
    const [jobId = ''] = jobIds;
    const labels = { customer: customerId };
    await forgettingTables(dataset, () =>
      runLoadJob({ jobId, dataset, table: tableName, fields: null, ndjson, labels }, bigquery),
    );
  },
};
