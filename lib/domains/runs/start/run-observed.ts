/** Why a call does nothing to an observed run. Source: docs/lineage.md, Which run. */
import type { Run } from '@/lib/domains/runs/tables';
import { AppError } from '@/lib/platform/errors';

/** An observed run is its orchestrator's to start, to extend and to end. */
export const runObserved = (run: Run): AppError =>
  new AppError(
    'run_observed',
    'This run is observed: its orchestrator starts and ends it, and tells of it by its own events.',
    { details: { run_status: run.status, origin: run.origin } },
  );
