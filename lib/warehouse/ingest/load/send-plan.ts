/** How one batch is to be sent. */
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { Carriage } from '@/lib/warehouse/ingest/load/sink';

export type SendPlan = {
  carriage: Carriage;
  /** Whether the lines that BigQuery names are those of the spool. */
  linesAreSpooled: boolean;
  /** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when its fate is unknown. */
  send: (context: LoadContext, manifest: Manifest) => Promise<void>;
};
