/** What BigQuery's answers about streams mean, in the words that load jobs have for the same. */
import type { protos } from '@google-cloud/bigquery-storage';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';

type AppendAnswer = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;

/** Codes of gRPC that say no for good, by the reason that the REST API gives for the same; all others may pass. */
const refusals: Record<number, string> = { 3: 'invalid', 5: 'notFound', 7: 'accessDenied', 16: 'authError' };

/** True where the call was answered with one of these codes of gRPC. */
export const answersCode = (error: unknown, ...codes: number[]): boolean =>
  codes.includes((error as { code?: number } | null)?.code ?? -1);

const wordsOf = (error: unknown): string => {
  const { details, message } = error as { details?: string; message?: string };
  return details || message || 'no answer';
};

/** A failed call: LoadRefusedError where BigQuery said no for good, else BigQueryUnavailableError. */
export function callFailure(error: unknown): Error {
  const reason = refusals[(error as { code?: number }).code ?? -1];
  // The client's own error carries the request, and with it rows; logs must not.
  if (reason === undefined)
    return new BigQueryUnavailableError(`BigQuery's streams are not reachable (${wordsOf(error)})`);
  return new LoadRefusedError(wordsOf(error), reason, null);
}

/** Throws what the answer to an append says; `firstRow` is the number of its first row within the stream. */
export function throwAppendFailure({ error, rowErrors }: AppendAnswer, firstRow: number): void {
  const [named] = rowErrors ?? [];
  if (named) throw new LoadRefusedError(named.message ?? 'refused', 'invalid', firstRow + Number(named.index ?? 0));
  if (!error) return;
  throw callFailure({ code: error.code ?? undefined, message: error.message ?? undefined });
}
