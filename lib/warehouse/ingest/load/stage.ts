/** Tables of their own that rows wait in until a MERGE takes them. A crash leaves one behind, which expires. */
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { answersStatus } from '@/lib/platform/bigquery/bigquery-job';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { log } from '@/lib/platform/log';
import type { SendContext } from '@/lib/warehouse/ingest/load/sending-type';

export type Stage = { dataset: string; stage: string };

const stageLivesMs = 86_400_000;

/** Sends what makes or merges a stage; where it is refused that is never the rows' fault, which were loaded or are to be. */
export async function asLoad<Answer>(send: Promise<Answer>): Promise<Answer> {
  try {
    return await send;
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    throw new LoadRefusedError(error.message, `stage: ${error.reason}`, null);
  }
}

function ignoreDuplicate(error: unknown): void {
  if (!answersStatus(error, 'duplicate', '409')) throw error;
}

/** Makes a stage of these columns unless it is there. Throws LoadRefusedError, BigQueryUnavailableError. */
export async function makeStage(
  { bigquery, clock }: SendContext,
  { dataset, stage }: Stage,
  fields: readonly { name: string; type: string }[],
): Promise<void> {
  const json = {
    tableReference: { projectId: bigquery.projectId, datasetId: dataset, tableId: stage },
    schema: { fields: fields.map(({ name, type }) => ({ name, type, mode: 'NULLABLE' })) },
    expirationTime: String(clock().getTime() + stageLivesMs),
  };
  const made = bigqueryRequest(bigquery, { method: 'POST', uri: `/datasets/${dataset}/tables`, json });
  await asLoad(made.catch(ignoreDuplicate));
}

/** Drops a stage; where that fails it stays until it expires. */
export async function dropStage({ bigquery }: SendContext, { dataset, stage }: Stage): Promise<void> {
  await bigqueryRequest(bigquery, { method: 'DELETE', uri: `/datasets/${dataset}/tables/${stage}` }).catch(error =>
    log().info({ err: error, dataset, stage }, 'a stage stays until it expires'),
  );
}
