/** Whether an event still counts. Pure. Source: docs/lineage.md, State. */
import { type LateReason, oldestDays } from '@/lib/domains/lineage/rules';
import { windowOfDay } from '@/lib/domains/runs/reports/report-window';
import { reportsUntil } from '@/lib/domains/runs/rules';
import type { RunStatus } from '@/lib/domains/runs/tables';
import { utcDay } from '@/lib/platform/clock';

const dayMs = 86_400_000;

/** What is known of the run that an event is of; null where it is the first one. */
export type KnownRun = {
  status: RunStatus;
  startTime: Date;
  /** When it ended, or, where that is later, when we heard of it: reports of an old run may come in any order. */
  endedAt: Date | null;
} | null;

/** Why an event is too late, or too early; null where it counts. */
export function latenessOf(event: { eventTime: Date; receivedAt: Date }, run: KnownRun): LateReason | null {
  const { eventTime, receivedAt } = event;
  if (eventTime.getTime() > receivedAt.getTime() + dayMs) return 'ahead';
  if (run === null) return eventTime.getTime() < receivedAt.getTime() - oldestDays * dayMs ? 'too_old' : null;
  if (run.status === 'PENDING') return 'not_started';
  const until = reportsUntil(run.endedAt);
  if (until !== null && receivedAt > until) return 'run_over';
  const window = windowOfDay(utcDay(run.startTime));
  if (eventTime < window.from) return 'before_window';
  return eventTime >= window.until ? 'after_window' : null;
}
