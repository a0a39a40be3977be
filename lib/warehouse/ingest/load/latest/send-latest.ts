/** A batch for a table of latest rows: folded, loaded into a stage of its own, merged. A crash leaves a stage, which expires. */
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { foldRows } from '@/lib/warehouse/ingest/load/latest/fold';
import { mergeSql } from '@/lib/warehouse/ingest/load/latest/merge-sql';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { SendContext } from '@/lib/warehouse/ingest/load/sending-type';
import { asLoad, dropStage, makeStage } from '@/lib/warehouse/ingest/load/stage';

const stageOf = ({ tableName, loadId }: Manifest): string => `stage_${tableName.slice(0, 200)}_${loadId}`;

/** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when the fate of the MERGE is unknown. */
export async function sendLatest(context: SendContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const { dataset, jobIds } = manifest;
  const [loadId = '', mergeId = ''] = jobIds;
  const stage = stageOf(manifest);
  const folded = foldRows(prepared.ndjson);
  const rows = withLoadedAt({ ...prepared, ndjson: folded.ndjson }, manifest.startedAt);
  const since = [...folded.older.values()].map(name => ({ name, type: 'TIMESTAMP' }));
  const fields = [...rows.fields, ...since];
  await makeStage(context, { dataset, stage }, fields);
  try {
    await runLoadJob({ jobId: loadId, dataset, table: stage, fields, ndjson: rows.ndjson }, context.bigquery);
    const sql = mergeSql(manifest, `\`${dataset}.${stage}\``, rows.fields, folded.older);
    await asLoad(runJob({ jobId: mergeId, name: 'ingest/merge', sql }, context.bigquery));
  } finally {
    await dropStage(context, { dataset, stage });
  }
}
