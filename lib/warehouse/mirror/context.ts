/** What every step of the relay is given. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import type { RelaySession, SessionOptions } from '@/lib/warehouse/mirror/session';

export type RelayDeps = {
  bigquery: BigQuery;
  /** What is sent; the product's stand in lib/edge/worker/mirrors.ts. */
  mirrors: readonly Mirror[];
  /** The customer's own dataset, null when there is no such customer. */
  resolveDataset: (customerId: string) => Promise<string | null>;
  /** All customers with their datasets, for verify and rebuild. */
  listDatasets: () => Promise<{ customerId: string; dataset: string }[]>;
  /** Creates what a dataset lacks and takes nothing away; called when a MERGE is refused for what may be the table's shape. */
  ensureDataset: (dataset: string) => Promise<void>;
  /** How the relay reaches Postgres, where not as the process does. */
  session?: SessionOptions;
  /** Least time between two MERGEs into one table, in ms; the service takes 25 DML statements a table in 10 s. */
  paceMs?: number;
  /** Points where a test may stop the relay or end the process. */
  hooks?: { beforeMerge?: () => Promise<void>; afterMerge?: () => Promise<void> };
};

export type RelayContext = {
  deps: RelayDeps;
  session: RelaySession;
  /** Runs at most 16 MERGEs at a time, over all mirrors. */
  inSlot: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** When the last MERGE into a table was sent (ms since the epoch), by `dataset.table`. */
  lastSent: Map<string, number>;
  /** When a dataset was last brought to its definitions (ms since the epoch). */
  lastEnsured: Map<string, number>;
  /** Once aborted, no further MERGE is begun. */
  stopping: AbortSignal;
};

const maxParallel = 16;

function slots(size: number): RelayContext['inSlot'] {
  let free = size;
  const waiting: (() => void)[] = [];
  return async work => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

export const relayContext = (
  deps: RelayDeps,
  session: RelaySession,
  stopping: AbortSignal = new AbortController().signal,
): RelayContext => ({
  deps,
  session,
  inSlot: slots(maxParallel),
  lastSent: new Map(),
  lastEnsured: new Map(),
  stopping,
});
