/** Entries of a dataset's access list: who reads it, and which dataset's views read its tables. */

import { isDeepStrictEqual } from 'node:util';
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { type DatasetAccess, getDataset, refusedFor } from '@/lib/warehouse/schemas/rest';

/** Times that a list is read anew where somebody else wrote it between our look and our write. */
const attempts = 4;

/** The entry by which the account reads the dataset. */
export const readerEntry = (account: string): DatasetAccess => ({ role: 'READER', userByEmail: account });

/** The entry by which all views of `dataset` read the dataset that has it. */
export const viewsEntry = (projectId: string, datasetId: string): DatasetAccess => ({
  dataset: { dataset: { projectId, datasetId }, targetTypes: ['VIEWS'] },
});

const has = (access: readonly DatasetAccess[], entry: DatasetAccess): boolean =>
  access.some(known => isDeepStrictEqual(known, entry));

/** Whether the dataset is there and its list has the entry. */
export async function hasAccess(client: BigQuery, dataset: string, entry: DatasetAccess): Promise<boolean> {
  const found = await getDataset(client, dataset);
  return found !== null && has(found.access ?? [], entry);
}

/** Adds the entry to the dataset's list unless it is there; all others stay. Throws where there is no such dataset. */
export async function giveAccess(client: BigQuery, dataset: string, entry: DatasetAccess): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const found = await getDataset(client, dataset);
    if (!found) throw new Error(`the dataset ${dataset} does not exist`);
    const access = found.access ?? [];
    if (has(access, entry)) return;
    // The service refuses the whole list when someone else changed it since it was read.
    const headers: Record<string, string> = found.etag ? { 'If-Match': found.etag } : {};
    const json = { access: [...access, entry] };
    try {
      await bigqueryRequest(client, { method: 'PATCH', uri: `/datasets/${dataset}`, json, headers });
      return;
    } catch (error) {
      if (attempt === attempts || !refusedFor(error, 'conditionNotMet', '412')) throw error;
    }
  }
}
