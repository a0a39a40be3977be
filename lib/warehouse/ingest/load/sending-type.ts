/** How a batch gets into its table. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { Clock } from '@/lib/platform/clock';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { ingestLoads } from '@/lib/warehouse/ingest/tables';

/** What a load is sent with. */
export type SendContext = { bigquery: BigQuery; clock: Clock };

export type Sending = {
  /** Names of the jobs in the order of sending; the last one has the effect. */
  steps: readonly string[];
  /** How many of them are load jobs. */
  loadJobs: number;
  /** Whether the lines that BigQuery names are those of the spool; false unless said. */
  linesAreSpooled?: boolean;
  /** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when its fate is unknown. */
  send: (context: SendContext, manifest: typeof ingestLoads.$inferSelect, prepared: Prepared) => Promise<void>;
};
