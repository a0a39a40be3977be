/**
 * What became of a load by a stream that somebody sent. A stream that has all its rows is committed now; one that has not can
 * never get the others once it is finalized, and is committed by nobody. Source: docs/architecture.md, Ingest.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { BigQueryStatementError, runStatement } from '@/lib/platform/bigquery/bigquery';
import type { JobFate } from '@/lib/platform/bigquery/bigquery-job';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { commitStream, finalizeStream, streamState } from '@/lib/platform/bigquery/streams/pending-stream';
import { db } from '@/lib/platform/db';
import { textsOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import { namedPart, splitLines } from '@/lib/warehouse/ingest/load/batch';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import { ingestChunkBodies } from '@/lib/warehouse/ingest/tables';

const decompress = promisify(gunzip);
/** One day's ids and times of a large table; BigQuery is asked once for a stream that it has forgotten. */
const mostBytesBilled = 100 * 1024 ** 3;

async function firstRowOf({ chunkIds }: Manifest): Promise<string> {
  const { chunkId } = namedPart(chunkIds[0] ?? '');
  const [chunk] = await db()
    .select({ body: ingestChunkBodies.body })
    .from(ingestChunkBodies)
    .where(eq(ingestChunkBodies.chunkId, chunkId));
  if (!chunk) throw new Error(`the rows of the chunk ${chunkId} are gone`);
  return splitLines((await decompress(chunk.body)).toString('utf8'), 1)[0].trimEnd();
}

/** Whether the load's rows are in the table: all of them bear the load's own instant, and the first one its id and day. */
async function isInTable(context: LoadContext, manifest: Manifest): Promise<boolean> {
  const [id = '', receivedAt = ''] = textsOf(await firstRowOf(manifest), 'id', 'received_at');
  const parameters: QueryParameters = {
    at: { type: 'TIMESTAMP', value: manifest.startedAt },
    id: { type: 'STRING', value: id },
    ...(receivedAt ? { received_at: { type: 'TIMESTAMP', value: receivedAt } } : {}),
  };
  const day = receivedAt ? ' AND received_at = @received_at' : '';
  const sql =
    `SELECT COUNT(*) AS found FROM \`${manifest.dataset}.${manifest.tableName}\` ` +
    `WHERE loaded_at = @at AND IFNULL(id, '') = @id${day}`;
  const statement = { name: 'ingest/settle-stream', sql, parameters, maximumBytesBilled: mostBytesBilled };
  const { rows } = await runStatement(statement, context.bigquery).catch((error: unknown) => {
    if (error instanceof BigQueryStatementError && /notFound|404/.test(error.reason)) return { rows: [] };
    throw error;
  });
  return Number(rows[0]?.found ?? 0) > 0;
}

const byRows = async (context: LoadContext, manifest: Manifest): Promise<JobFate> =>
  (await isInTable(context, manifest)) ? 'succeeded' : 'never_ran';

/** Throws BigQueryUnavailableError while the fate cannot be told. */
export async function settleStream(context: LoadContext, manifest: Manifest): Promise<JobFate> {
  const [stream = ''] = manifest.jobIds;
  const client = await context.streams();
  const state = await streamState(client, stream);
  if (state === 'committed') return 'succeeded';
  if (state === 'unknown') return byRows(context, manifest);
  const rows = await finalizeStream(client, stream).catch((error: unknown) => {
    if (error instanceof LoadRefusedError && error.reason === 'notFound') return 'ended';
    throw error;
  });
  if (rows === 'ended') return byRows(context, manifest);
  if (rows !== manifest.rows) return 'never_ran';
  await commitStream(client, stream);
  return 'succeeded';
}
