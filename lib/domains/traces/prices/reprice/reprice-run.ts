/** A recompute as callers see it. */
import { z } from 'zod';
import type { RepriceReport } from '@/lib/domains/traces/prices/reprice/report';
import type { EtlState } from '@/lib/domains/traces/rules';
import type { EtlRun } from '@/lib/domains/traces/tables';

/** What the details of such a run hold beside what all runs do. */
const repriceDetails = z.looseObject({
  from: z.string(),
  to: z.string(),
  started_by: z.string(),
  /** Of the job that was sent last. */
  job_id: z.string().optional(),
  report: z.unknown().optional(),
});

export type RepriceRun = {
  id: number;
  state: EtlState;
  /** UTC days, both included. */
  from: string;
  to: string;
  started_by: string;
  started_at: Date;
  finished_at: Date | null;
  error: string | null;
  report: RepriceReport | null;
};

export const detailsOf = (run: EtlRun) => repriceDetails.parse(run.details);

export function repriceRun(run: EtlRun): RepriceRun {
  const { from, to, started_by, report } = detailsOf(run);
  return {
    id: run.id,
    state: run.state,
    from,
    to,
    started_by,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    error: run.error,
    // Written by repriceTraces alone.
    report: (report as RepriceReport | undefined) ?? null,
  };
}
