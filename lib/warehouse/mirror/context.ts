/** What every step of the relay is given. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import type { LockSession, SessionOptions } from '@/lib/kernel/lock-session';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import type { MirrorLimits } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { mirrorLimits } from '@/lib/warehouse/mirror/schedule/limits';

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
  /** Limits other than those of the settings. */
  limits?: Partial<MirrorLimits>;
  /** Points where a test may stop the relay or end the process. */
  hooks?: { beforeMerge?: () => Promise<void>; afterMerge?: () => Promise<void> };
};

export type RelayContext = {
  deps: RelayDeps;
  session: LockSession;
  limits: MirrorLimits;
  /** When the last MERGE into a table was sent (ms since the epoch), by `dataset.table`; older ones are forgotten. */
  lastSent: LRUCache<string, number>;
  /** When a dataset was last brought to its definitions (ms since the epoch); older ones are forgotten. */
  lastEnsured: LRUCache<string, number>;
  /** What a MERGE takes at present, in ms. */
  mergeMs: number;
  /** A MERGE was charged: the account's dollars of this month. */
  onCharged: (account: string, usd: number) => void;
  /** Once aborted, no further MERGE is begun. */
  stopping: AbortSignal;
};

/** Enough for what may be sent within the pace, and ensured within a minute. */
const remembered = { max: 10_000 };

export const relayContext = (
  deps: RelayDeps,
  session: LockSession,
  stopping: AbortSignal = new AbortController().signal,
): RelayContext => ({
  deps,
  session,
  limits: { ...mirrorLimits(), ...deps.limits },
  lastSent: new LRUCache(remembered),
  lastEnsured: new LRUCache(remembered),
  mergeMs: 0,
  onCharged: () => undefined,
  stopping,
});
