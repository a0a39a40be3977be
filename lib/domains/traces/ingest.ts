/** Traces as the loader knows them: a batch is merged into Parquet files, and from there into the tenant's tables. Source: docs/architecture.md, AI traces. */
import { rm } from 'node:fs/promises';
import { and, eq } from 'drizzle-orm';
import { traceVersions, writeSteps, writeTraces } from '@/lib/domains/traces/load/write-traces';
import { mergeIntoParquet } from '@/lib/domains/traces/parquet/merge-into-parquet';
import { db } from '@/lib/platform/db';
import type { Sending } from '@/lib/warehouse/ingest/load/sending-type';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { FixedTables } from '@/lib/warehouse/ingest/table-spec';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

/** Whose rows they are, as the consumer noted it; the write asks whether the dataset is that customer's. */
async function customerOf({ dataset, tableName }: Target): Promise<string> {
  const [table] = await db()
    .select({ customerId: ingestTables.customerId })
    .from(ingestTables)
    .where(and(eq(ingestTables.dataset, dataset), eq(ingestTables.tableName, tableName)));
  if (!table) throw new Error(`nobody is known to own ${dataset}.${tableName}`);
  return table.customerId;
}

const keyed: Sending = {
  steps: writeSteps,
  loadJobs: 1,
  send: async ({ bigquery, clock }, { dataset, tableName, jobIds }, { ndjson }) => {
    const customerId = await customerOf({ dataset, tableName });
    const merged = await mergeIntoParquet({ dataset, ndjson });
    await writeTraces({ bigquery, clock, customerId, dataset, jobIds, ...merged }).finally(() =>
      rm(merged.parquetFile, { force: true }),
    );
  },
};

export const traceIngest: FixedTables = { log: 'traces', versionsOf: () => traceVersions, keyed };
