/** Addresses of runs and of what is known of them, so that a number and the list it leads to have the same filter. */
import { hrefWith } from '@/app/_ui/list-params';
import { addDays } from '@/lib/platform/clock';

type RunsFilter = {
  status?: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  pipeline?: string;
  /** Those that took quota, or those that are observed. */
  origin?: 'ours' | 'observed';
  /** Id of the API key that started them. */
  key?: string;
  /** Id of the provider config that they are of. */
  config?: string;
  /** First and last UTC day, both included. */
  from?: string;
  to?: string;
  checks?: 'failed';
  /** Fingerprint of an error. */
  error?: string;
};

/** The list of runs, filtered. */
export const runsHref = (filter: RunsFilter): string => hrefWith('/runs', filter, {});

/** One run. */
export const runHref = (pipelineLoggingId: string): string => `/runs/${encodeURIComponent(pipelineLoggingId)}`;

/** First UTC day of the `days` that end today. */
export const firstDayOf = (days: number, today: string): string => addDays(today, 1 - days);
