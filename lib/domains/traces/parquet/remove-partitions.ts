/** Removes the Parquet files of days that a customer keeps no longer. Source: docs/spec/001-ai-traces.md, Data Retention. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';

const folders = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
};

/** Removes partitions of days before `before` (YYYY-MM-DD); answers how many. The caller is the dataset's only writer. */
export async function removeOldPartitions(dataset: string, before: string): Promise<number> {
  const root = datasetFolder(dataset);
  let removed = 0;
  for (const repository of await folders(root)) {
    for (const partition of await folders(join(root, repository))) {
      const day = /^date=(\d{4}-\d\d-\d\d)$/.exec(partition)?.[1];
      if (!day || day >= before) continue;
      await rm(join(root, repository, partition), { recursive: true, force: true });
      removed++;
    }
  }
  return removed;
}
