/** What the loader works with. */
import type { BigQuery } from '@google-cloud/bigquery';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
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
  /** Waits for a change of a table to be seen by load jobs; after the last the table is blocked for a while. */
  propagationMs: readonly number[];
};

export type LoaderDeps = {
  bigquery: BigQuery;
  /** Every log whose rows are loaded; the product's stand in lib/edge/worker/ingest.ts. */
  definitions: readonly IngestDefinition[];
  limits?: Partial<LoadLimits>;
  clock?: Clock;
  /** Points where a test may stop the loader or end the process. */
  hooks?: { beforeSend?: () => Promise<void>; afterSend?: () => Promise<void> };
};

const mib = 1_048_576;

const limitsOf = (): LoadLimits => ({
  rows: 50_000,
  bytes: 32 * mib,
  tablesAtOnce: 8,
  bytesAtOnce: 64 * mib,
  jobsPerDay: env().LOAD_JOBS_PER_DAY,
  intervalSeconds: env().LOAD_INTERVAL_SECONDS,
  propagationMs: [1_000, 2_000, 4_000, 8_000, 15_000],
});

export type LoadContext = Required<Omit<LoaderDeps, 'limits' | 'hooks'>> & {
  limits: LoadLimits;
  hooks: NonNullable<LoaderDeps['hooks']>;
  /** Once aborted no further load is begun. */
  stopping: AbortSignal;
};

export const loadContext = (deps: LoaderDeps, stopping = new AbortController().signal): LoadContext => ({
  bigquery: deps.bigquery,
  definitions: deps.definitions,
  clock: deps.clock ?? systemClock,
  hooks: deps.hooks ?? {},
  limits: { ...limitsOf(), ...deps.limits },
  stopping,
});
