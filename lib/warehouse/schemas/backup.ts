/** Copies of a table before it is changed: schema as `bq show` prints it, data as AVRO in a bucket or as local NDJSON. */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { parseJson } from '@/lib/platform/exact-json';
import { getTable, type LiveField } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

type Source = { client: BigQuery; dataset: string; table: string };

/** Writes <folder>/<dataset>/<table>.schema.json and returns its path and columns; null where the table does not exist. */
export async function backupSchema({ client, dataset, table }: Source, folder: string) {
  const live = await getTable(client, dataset, table);
  if (!live) return null;
  const fields = live.schema?.fields ?? [];
  const path = join(folder, dataset, `${table}.schema.json`);
  await mkdir(join(folder, dataset), { recursive: true });
  await writeFile(path, `${JSON.stringify(fields, null, 2)}\n`);
  return { path, fields };
}

/** Body of the extract job to `gs://bucket/<dataset>/<name>_*.avro`; `customer_profiles` is `profiles`, as in document 003. */
export function extractJob(projectId: string, { dataset, table }: Omit<Source, 'client'>, bucket: string) {
  const name = table.replace(/^customer_/, '');
  return {
    configuration: {
      extract: {
        sourceTable: { projectId, datasetId: dataset, tableId: table },
        destinationUris: [`${bucket.replace(/\/+$/, '')}/${dataset}/${name}_*.avro`],
        destinationFormat: 'AVRO',
        useAvroLogicalTypes: true,
      },
    },
  };
}

type Job = {
  jobReference?: { jobId: string; location?: string };
  status?: { state?: string; errorResult?: { message?: string; reason?: string } };
};

/** Extracts the table's data to the bucket (`gs://…`) and waits for the job; returns the address written to. */
export async function backupToBucket(source: Source, bucket: string): Promise<string> {
  const { client, dataset, table } = source;
  const json = extractJob(await client.getProjectId(), source, bucket);
  let job = await bigqueryRequest<Job>(client, { method: 'POST', uri: '/jobs', json });
  const { jobId, location } = job.jobReference ?? {};
  while (job.status?.state !== 'DONE') {
    await sleep(1_000);
    job = await bigqueryRequest<Job>(client, { method: 'GET', uri: `/jobs/${jobId}`, qs: { location } });
  }
  const problem = job.status.errorResult;
  if (problem) {
    throw new BigQueryStatementError(problem.message ?? 'extract failed', problem.reason ?? '', `${dataset}.${table}`);
  }
  return json.configuration.extract.destinationUris[0] ?? '';
}

/** A cell as a BigQuery load job takes it in JSON; nothing is rounded. */
export function loadableValue(field: LiveField, value: unknown): unknown {
  if (field.mode === 'REPEATED') {
    const item = { ...field, mode: 'NULLABLE' };
    return Array.isArray(value) ? value.map((cell: { v: unknown }) => loadableValue(item, cell.v)) : [];
  }
  if (value === null || value === undefined) return null;
  const text = String(value);
  const type = standardType(field.type);
  if (type === 'BOOL') return text === 'true';
  if (type === 'JSON') return parseJson(text);
  if (type !== 'TIMESTAMP' || !/^-?\d+$/.test(text)) return text;
  const micros = BigInt(text);
  const second = (micros - (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  const fraction = String(micros - second * 1_000_000n).padStart(6, '0');
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

type Page = { rows?: RawRow[]; pageToken?: string };

/** Writes <folder>/<dataset>/<table>.ndjson, a row a line, and returns path and count; reading rows this way is free. */
export async function backupToFile({ client, dataset, table }: Source, fields: LiveField[], folder: string) {
  const path = join(folder, dataset, `${table}.ndjson`);
  const file = createWriteStream(path);
  let count = 0;
  let pageToken: string | undefined;
  do {
    const page: Page = await bigqueryRequest<Page>(client, {
      method: 'GET',
      uri: `/datasets/${dataset}/tables/${table}/data`,
      qs: { maxResults: 10_000, 'formatOptions.useInt64Timestamp': true, ...(pageToken ? { pageToken } : {}) },
    });
    for (const row of page.rows ?? []) {
      const values = fields.map((field, index) => [field.name, loadableValue(field, row.f[index]?.v)]);
      file.write(`${JSON.stringify(Object.fromEntries(values))}\n`);
      count++;
    }
    pageToken = page.pageToken;
  } while (pageToken);
  file.end();
  await finished(file);
  return { path, count };
}
