/** A batch for a table of latest rows: folded, loaded into a stage of its own, merged. A crash leaves a stage, which expires. */
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { LoadRefusedError, runLoadJob } from '@/lib/platform/bigquery/load-job';
import { log } from '@/lib/platform/log';
import type { LoadField, Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { foldRows } from '@/lib/warehouse/ingest/load/latest/fold';
import { mergeSql } from '@/lib/warehouse/ingest/load/latest/merge-sql';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { SendContext } from '@/lib/warehouse/ingest/load/sending-type';

const stageLivesMs = 86_400_000;

const stageOf = ({ tableName, loadId }: Manifest): string => `stage_${tableName.slice(0, 200)}_${loadId}`;

/** Sends what makes or merges a stage; where it is refused that is never the rows' fault, which were loaded or are to be. */
async function asLoad<Answer>(send: Promise<Answer>): Promise<Answer> {
  try {
    return await send;
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    throw new LoadRefusedError(error.message, `stage: ${error.reason}`, null);
  }
}

async function makeStage(context: SendContext, { dataset }: Manifest, stage: string, fields: LoadField[]) {
  const { bigquery, clock } = context;
  const json = {
    tableReference: { projectId: bigquery.projectId, datasetId: dataset, tableId: stage },
    schema: { fields: fields.map(({ name, type }) => ({ name, type, mode: 'NULLABLE' })) },
    expirationTime: String(clock().getTime() + stageLivesMs),
  };
  await asLoad(bigqueryRequest(bigquery, { method: 'POST', uri: `/datasets/${dataset}/tables`, json }));
}

async function dropStage({ bigquery }: SendContext, { dataset }: Manifest, stage: string): Promise<void> {
  await bigqueryRequest(bigquery, { method: 'DELETE', uri: `/datasets/${dataset}/tables/${stage}` }).catch(error =>
    log().info({ err: error, dataset, stage }, 'a stage stays until it expires'),
  );
}

/** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when the fate of the MERGE is unknown. */
export async function sendLatest(context: SendContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const { dataset, jobIds } = manifest;
  const [loadId = '', mergeId = ''] = jobIds;
  const stage = stageOf(manifest);
  const folded = foldRows(prepared.ndjson);
  const rows = withLoadedAt({ ...prepared, ndjson: folded.ndjson }, context.clock());
  const since = [...folded.older.values()].map(name => ({ name, type: 'TIMESTAMP' }));
  const fields = [...rows.fields, ...since];
  await makeStage(context, manifest, stage, fields);
  try {
    await runLoadJob({ jobId: loadId, dataset, table: stage, fields, ndjson: rows.ndjson }, context.bigquery);
    const sql = mergeSql(manifest, stage, rows.fields, folded.older);
    await asLoad(runJob({ jobId: mergeId, name: 'ingest/merge', sql }, context.bigquery));
  } finally {
    await dropStage(context, manifest, stage);
  }
}
