/** Traces as the loader knows them: a batch is merged into Parquet files, and from there into the tenant's tables. Source: docs/architecture.md, AI traces. */
import { rm } from 'node:fs/promises';
import { traceVersions, writeSteps, writeTraces } from '@/lib/domains/traces/load/write-traces';
import { mergeIntoParquet } from '@/lib/domains/traces/parquet/merge-into-parquet';
import type { Sending } from '@/lib/warehouse/ingest/load/sending-type';
import { ownerOf } from '@/lib/warehouse/ingest/table-owner';
import type { FixedTables } from '@/lib/warehouse/ingest/table-spec';

const keyed: Sending = {
  steps: writeSteps,
  loadJobs: 1,
  send: async ({ bigquery, clock }, { dataset, tableName, jobIds }, { ndjson }) => {
    // The write asks whether the dataset is that customer's.
    const customerId = await ownerOf({ dataset, tableName });
    const merged = await mergeIntoParquet({ dataset, ndjson });
    await writeTraces({ bigquery, clock, customerId, dataset, jobIds, ...merged }).finally(() =>
      rm(merged.parquetFile, { force: true }),
    );
  },
};

export const traceIngest: FixedTables = { log: 'traces', versionsOf: () => traceVersions, keyed: () => keyed };
