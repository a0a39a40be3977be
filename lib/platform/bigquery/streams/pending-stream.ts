/** A stream whose rows are in the table all at once or never: made, appended to, finalized, committed. Each call may be repeated. */
import { once } from 'node:events';
import type { protos } from '@google-cloud/bigquery-storage';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { answersCode, callFailure, throwAppendFailure } from '@/lib/platform/bigquery/streams/stream-errors';
import type { WriteClient } from '@/lib/platform/bigquery/streams/write-client';
import { env } from '@/lib/platform/env';

export type StreamTable = { dataset: string; table: string };
/** Columns of the rows as BigQuery is told of them: a proto2 message. */
export type RowDescriptor = protos.google.protobuf.IDescriptorProto;

/** Longest that one call may take; the client's own retries are off, as each call here is repeated by who needs it. */
const callOptions = { timeout: 30_000, retry: null };
const appendMs = 60_000;
/** What BigQuery says of a stream that was committed before. */
const wasCommitted = new Set(['STREAM_ALREADY_COMMITTED', '2']);
const failedPrecondition = 9;
const notFound = 5;

async function called<Answer>(call: Promise<Answer>): Promise<Answer> {
  return await call.catch((error: unknown) => {
    throw callFailure(error);
  });
}

const tableOf = (stream: string): string => stream.replace(/\/streams\/[^/]*$/, '');

/** Makes a stream; answers its name. Rows of it are seen only once it is committed. Throws as appendRows. */
export async function createStream(client: WriteClient, { dataset, table }: StreamTable): Promise<string> {
  const parent = `projects/${env().GOOGLE_CLOUD_PROJECT}/datasets/${dataset}/tables/${table}`;
  const [{ name }] = await called(client.createWriteStream({ parent, writeStream: { type: 'PENDING' } }, callOptions));
  if (!name) throw new BigQueryUnavailableError('BigQuery made a stream without a name');
  return name;
}

/**
 * Appends rows in requests of one slice each, every one at its own place, so that none can be added twice.
 * Throws LoadRefusedError, with the number of the row where one is named, or BigQueryUnavailableError; the stream then
 * is never committed by its sender.
 */
export async function appendRows(
  client: WriteClient,
  stream: string,
  descriptor: RowDescriptor,
  slices: readonly Uint8Array[][],
): Promise<void> {
  const headers = { 'x-goog-request-params': `write_stream=${stream}` };
  const connection = client.appendRows({ otherArgs: { headers } });
  // Nobody waits for the connection between two requests, and what fails then would end the process.
  let failure: unknown = null;
  connection.on('error', error => {
    failure = error;
  });
  try {
    let firstRow = 0;
    for (const serializedRows of slices) {
      if (failure) throw callFailure(failure);
      const answered = once(connection, 'data', { signal: AbortSignal.timeout(appendMs) });
      const protoRows = { rows: { serializedRows }, writerSchema: { protoDescriptor: descriptor } };
      connection.write({ writeStream: stream, offset: { value: firstRow }, protoRows });
      const [answer] = await called(answered);
      throwAppendFailure(answer, firstRow);
      firstRow += serializedRows.length;
    }
  } finally {
    connection.end();
    connection.destroy();
  }
}

/**
 * Takes no more rows from now on; answers how many the stream has, or `ended` where it was committed before.
 * Throws BigQueryUnavailableError where that cannot be told, LoadRefusedError.
 */
export async function finalizeStream(client: WriteClient, stream: string): Promise<number | 'ended'> {
  try {
    const [{ rowCount }] = await client.finalizeWriteStream({ name: stream }, callOptions);
    return Number(rowCount ?? 0);
  } catch (error) {
    if (answersCode(error, failedPrecondition) && /committed/i.test((error as Error).message)) return 'ended';
    throw callFailure(error);
  }
}

/** Puts the rows of a finalized stream into its table. Throws BigQueryUnavailableError while its fate is not known. */
export async function commitStream(client: WriteClient, stream: string): Promise<void> {
  const request = { parent: tableOf(stream), writeStreams: [stream] };
  const [answer] = await client.batchCommitWriteStreams(request, callOptions).catch((error: unknown) => {
    const { message } = callFailure(error);
    throw new BigQueryUnavailableError(message);
  });
  const [problem] = answer.streamErrors ?? [];
  if (problem ? wasCommitted.has(String(problem.code)) : answer.commitTime) return;
  throw new BigQueryUnavailableError(problem?.errorMessage ?? `the stream ${stream} was not committed`);
}

/** What BigQuery knows of a stream: `unknown` where it has forgotten it, and then it can never be committed. Throws as finalizeStream. */
export async function streamState(client: WriteClient, stream: string): Promise<'committed' | 'open' | 'unknown'> {
  try {
    const [{ commitTime }] = await client.getWriteStream({ name: stream }, callOptions);
    return commitTime ? 'committed' : 'open';
  } catch (error) {
    if (answersCode(error, notFound)) return 'unknown';
    throw callFailure(error);
  }
}
