/** How a run's status is shown. */
import type { Status } from '@/app/_ui/status';

export const runStatusLook = {
  PENDING: 'queued',
  RUNNING: 'running',
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const satisfies Record<string, Status>;
