/** The row of a run that only its orchestrator tells of. Source: docs/lineage.md, State. */
import { jobNameOf, orchestratorOf, parametersOf, triggerOf } from '@/lib/domains/lineage/apply/describe-run';
import { failureOf, type Picture } from '@/lib/domains/lineage/apply/picture';
import { pipelineOf } from '@/lib/domains/lineage/apply/pipeline-of';
import { type RunState, settledStart, silentAt, stateOf } from '@/lib/domains/lineage/apply/run-state';
import { silenceHours } from '@/lib/domains/lineage/rules';
import type { LineageRun } from '@/lib/domains/lineage/tables';
import { saveObservedRun } from '@/lib/domains/runs/observe/observed-run';
import { countTotals } from '@/lib/domains/runs/observe/totals';
import type { Run } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { storableStart } from '@/lib/kernel/storable';
import type { Tx } from '@/lib/platform/db';

const dayMs = 86_400_000;

type Start = { startTime: Date; settledAt: Date | null; reportedStartTime: Date | null };

/**
 * The run’s start: settled once, and within a day of the first event’s time, by which its details are found. A START that
 * says otherwise is told beside it.
 */
export function startOf(
  { lineage, jobs, own, news: { now } }: Picture,
  known: { createdAt: Date; startTime: Date },
): Start {
  let { settledAt } = lineage;
  let startTime = settledAt === null ? known.createdAt : known.startTime;
  if (settledAt === null) {
    const settled = settledStart(lineage, jobs, own, now);
    if (settled !== null) {
      settledAt = now;
      if (Math.abs(settled.getTime() - known.createdAt.getTime()) <= dayMs) startTime = settled;
    }
  }
  const said = own?.job.startTime ?? null;
  const isOther = settledAt !== null && said !== null && said.getTime() !== startTime.getTime();
  return { startTime, settledAt, reportedStartTime: isOther ? said : null };
}

async function messageOf(picture: Picture, state: RunState): Promise<string | null> {
  if (state.status === 'RUNNING' || state.status === 'COMPLETED') return null;
  if (state.isSilent)
    return `lease expired at ${state.endTime?.toISOString()}: its orchestrator sent no event for ${silenceHours} hours`;
  const said = await failureOf(picture);
  return said ?? (state.status === 'CANCELLED' ? 'by its orchestrator' : null);
}

const later = (a: Date, b: Date): Date => (a < b ? b : a);

/** Writes the run; answers the rows of BigQuery that are out of date, and what is known of it from now on. */
export async function writeObserved(
  tx: Tx,
  before: Run | null,
  picture: Picture,
): Promise<{ mirror: MirrorRef[]; lineage: LineageRun; state: RunState['status'] }> {
  const { lineage, jobs, own, whole, news } = picture;
  const { customerId, pipelineLoggingId, rootRunId } = lineage;
  const firstTime = new Date(Math.min(...jobs.map(job => job.firstEventTime.getTime())));
  const createdAt = before?.createdAt ?? firstTime;
  const { startTime, settledAt, reportedStartTime } = startOf(picture, {
    createdAt,
    startTime: before?.startTime ?? createdAt,
  });
  const state = stateOf(lineage, jobs, own, news.now);
  const named = jobNameOf(lineage, own?.job ?? null, jobs);
  const orchestrator = orchestratorOf(own?.job ?? null, jobs);
  const [ownRow = null] = own ? await whole([own.job.stepLoggingId]) : [];
  const toldBy = news.toldBy ?? { apiKeyId: before?.apiKeyId ?? null, startedBy: before?.startedBy ?? 'system' };
  const mirror = await saveObservedRun(
    tx,
    before,
    {
      pipelineLoggingId,
      customerId,
      pipelineId: await pipelineOf(tx, customerId, named),
      status: state.status,
      ...triggerOf(ownRow, orchestrator),
      createdAt,
      startTime,
      endTime: state.endTime && later(state.endTime, startTime),
      errorMessage: await messageOf(picture, state),
      parameters: parametersOf(ownRow),
      leaseSeconds: silenceHours * 3_600,
      leaseExpiresAt: silentAt(lineage),
      leaseExpired: state.isSilent,
      ...(await countTotals(tx, pipelineLoggingId)),
      orchestrator,
      jobNamespace: storableStart(named.namespace, 2_000),
      jobName: storableStart(named.name, 2_000),
      orchestratorRunId: pipelineLoggingId === rootRunId ? null : rootRunId,
      reportedStartTime,
      lateEvents: (before?.lateEvents ?? 0) + news.late,
    },
    toldBy,
  );
  const endHeardAt = state.status === 'RUNNING' ? null : (lineage.endHeardAt ?? news.now);
  return { mirror, lineage: { ...lineage, settledAt, endHeardAt }, state: state.status };
}
