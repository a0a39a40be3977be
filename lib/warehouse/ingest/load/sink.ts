/** By what rows reach a table, and what one load sends by it. */
import type { ingestLoads } from '@/lib/warehouse/ingest/tables';

export type Sink = (typeof ingestLoads.$inferSelect)['sink'];

export type Carriage =
  /** A name for each job that BigQuery is sent, in order; `loadJobs` of them count as load jobs. */
  | { sink: 'load_job'; steps: readonly string[]; loadJobs: number }
  /** A stream that is there and has no rows yet, and the bytes it will be sent. */
  | { sink: 'stream'; stream: string; bytes: number };
