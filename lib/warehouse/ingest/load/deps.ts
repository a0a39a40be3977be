/** What the loader works with. */
import type { BigQuery } from '@google-cloud/bigquery';
import { hasWriteStreams, type WriteClient, writeClient } from '@/lib/platform/bigquery/streams/write-client';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';
import type { IngestDefinition } from '@/lib/warehouse/ingest/table-spec';

export type LoadLimits = {
  /** Rows, and bytes of their text, that one load carries. */
  rows: number;
  bytes: number;
  /** Tables that a process loads at the same time. */
  tablesAtOnce: number;
  /** Bytes of text that a process loads at the same time; more only of one table alone. */
  bytesAtOnce: number;
  jobsPerDay: number;
  intervalSeconds: number;
  /** Bytes a day that may go by streams; 0 for none. */
  streamBytesPerDay: number;
  /** Waits for a change of a table to be seen by load jobs; after the last the table is blocked for a while. */
  propagationMs: readonly number[];
};

export type LoaderDeps = {
  bigquery: BigQuery;
  /** Every log whose rows are loaded; the product's stand in lib/edge/worker/ingest.ts. */
  definitions: readonly IngestDefinition[];
  /** The client of Storage Write streams. */
  streams?: () => Promise<WriteClient>;
  /** By which tables of added rows go, whatever the schedule says. */
  sink?: Sink | undefined;
  limits?: Partial<LoadLimits>;
  clock?: Clock;
  /** Points where a test may stop the loader or end the process; the two in the middle only streams pass. */
  hooks?: Partial<Record<'beforeSend' | 'afterAppend' | 'afterFinalize' | 'afterSend', () => Promise<void>>>;
};

const mib = 1_048_576;

const limitsOf = (): LoadLimits => ({
  rows: 50_000,
  bytes: 32 * mib,
  tablesAtOnce: 8,
  bytesAtOnce: 64 * mib,
  jobsPerDay: env().LOAD_JOBS_PER_DAY,
  intervalSeconds: env().LOAD_INTERVAL_SECONDS,
  streamBytesPerDay: env().LOAD_STREAMS === 'auto' && hasWriteStreams() ? env().LOAD_STREAM_BYTES_PER_DAY : 0,
  propagationMs: [1_000, 2_000, 4_000, 8_000, 15_000],
});

export type LoadContext = Required<Omit<LoaderDeps, 'limits' | 'hooks' | 'sink'>> & {
  sink: Sink | undefined;
  limits: LoadLimits;
  hooks: NonNullable<LoaderDeps['hooks']>;
  /** Once aborted no further load is begun. */
  stopping: AbortSignal;
};

export const loadContext = (deps: LoaderDeps, stopping = new AbortController().signal): LoadContext => ({
  bigquery: deps.bigquery,
  definitions: deps.definitions,
  streams: deps.streams ?? writeClient,
  sink: deps.sink,
  clock: deps.clock ?? systemClock,
  hooks: deps.hooks ?? {},
  limits: { ...limitsOf(), ...deps.limits },
  stopping,
});
