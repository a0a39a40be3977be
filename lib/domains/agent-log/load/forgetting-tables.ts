/** A load that meets a missing table has the next one look at the dataset anew. */
import { forgetAgentTables } from '@/lib/domains/agent-log/load/agent-tables';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { faultOf } from '@/lib/warehouse/ingest/load/failure';

export async function forgettingTables(dataset: string, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (error instanceof LoadRefusedError && faultOf(error) === 'shape') forgetAgentTables(dataset);
    throw error;
  }
}
