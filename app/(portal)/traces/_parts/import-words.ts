/** Imports in words. Pure. */
import { formatDate } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import type { EtlJob, EtlState } from '@/lib/domains/traces/rules';

export const importLooks: Record<EtlState, Status> = {
  RUNNING: 'running',
  COMPLETED: 'succeeded',
  FAILED: 'failed',
};

export const jobWords: Record<EtlJob, string> = {
  'ingest-traces': 'File import',
  'receive-traces': 'Received by API',
  'reprice-traces': 'Prices applied again',
  'archive-traces': 'Files archived',
  'expire-traces': 'Old rows removed',
  'ingest-github': 'GitHub read',
};

/** What brought it, with days as people write them: "prices of 30 Oct 2026 to 28 Nov 2026". A file's name stays as it is. */
export const sourceWords = ({ job, source }: { job: EtlJob; source: string | null }): string | null =>
  job === 'reprice-traces' && source !== null ? source.replace(/\b\d{4}-\d{2}-\d{2}\b/g, formatDate) : source;

export const importHref = (id: number): string => `/traces/imports/${id}`;
