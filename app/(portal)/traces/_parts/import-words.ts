/** Imports in words. Pure. */
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

export const importHref = (id: number): string => `/traces/imports/${id}`;
