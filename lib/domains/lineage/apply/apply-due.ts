/** Works through the events that orchestrators sent. Any number of workers may: events and what they come to are one transaction. */
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { bringUpToDate } from '@/lib/domains/lineage/apply/bring-up-to-date';
import { mergeEvents, readJobs } from '@/lib/domains/lineage/apply/job-store';
import { latenessOf } from '@/lib/domains/lineage/apply/lateness';
import { byRun, type FoundRun, lockRun, type ReadEvent, withRootName } from '@/lib/domains/lineage/apply/resolve-runs';
import { runEventInput } from '@/lib/domains/lineage/input';
import { stepIdOf } from '@/lib/domains/lineage/merge/merge-jobs';
import { lineageQueue } from '@/lib/domains/lineage/queue';
import { type LateReason, mostSteps } from '@/lib/domains/lineage/rules';
import { type LineageEvent, type LineageRun, lineageEvents, lineageWords } from '@/lib/domains/lineage/tables';
import { type Batch, type BatchDone, type WorkReport, workInTransactions } from '@/lib/kernel/queue/work';
import { type Clock, systemClock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';

export type ApplyOptions = {
  clock?: Clock;
  /** Only events of these customers; all by default. */
  customers?: readonly string[];
  /** Ends the round between two batches. */
  signal?: AbortSignal;
};

/** Events of one run that are applied together. */
const togetherAtMost = 500;
/** Their text in bytes: all of it is in memory at once. A single event may be as large as events are. */
const togetherBytes = 8_000_000;
/** Batches at once in this process; others of it need connections too. */
const maxLanes = 4;

/** The waiting events of the same run go with it. One that has failed goes alone, so that it cannot hold others up. */
async function takeTogether({ first, alsoTake }: Batch<LineageEvent>): Promise<LineageEvent[]> {
  const { runKey, eventId, attempts, bytes } = first;
  if (attempts > 0) return [first];
  const limit = togetherAtMost - 1;
  // What does not fit stays held until this batch is done, as its run does.
  const fitting = sql`SELECT event_id FROM (
    SELECT event_id, sum(bytes) OVER (ORDER BY event_id) AS total FROM (
      SELECT event_id, bytes FROM lineage_events
      WHERE run_key = ${runKey} AND status = ${lineageWords.waiting} AND attempts = 0 AND event_id <> ${eventId}
      ORDER BY event_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) AS free
  ) AS summed WHERE total <= ${togetherBytes - bytes}`;
  const others = await alsoTake({
    where: and(eq(lineageEvents.attempts, 0), sql`${lineageEvents.eventId} = ANY(ARRAY(${fitting}))`),
    orderBy: [asc(lineageEvents.eventId)],
    limit,
  });
  return [first, ...others];
}

type Late = { row: LineageEvent; reason: LateReason };

/** Which of a run’s events count, and which came too late. */
function sorted(events: readonly ReadEvent[], { lineage, run }: FoundRun): { applied: ReadEvent[]; late: Late[] } {
  const known = run && {
    status: run.status,
    startTime: lineage.settledAt === null ? run.createdAt : run.startTime,
    endedAt: run.endTime && new Date(Math.max(run.endTime.getTime(), lineage.endHeardAt?.getTime() ?? 0)),
  };
  const applied: ReadEvent[] = [];
  const late: Late[] = [];
  for (const read of events) {
    const { row, event } = read;
    const reason = latenessOf({ eventTime: event.eventTime, receivedAt: row.receivedAt }, known);
    if (reason === null) applied.push(read);
    else late.push({ row, reason });
  }
  return { applied, late };
}

/** How many jobs beyond the limit a run may have of those that may be the run itself: by their look, and by name. */
const spareJobs = { unnamed: 100, named: 200 };

/** How many jobs a run may have for this event’s to be another one of them. */
function limitFor({ event: { run, job, inputs, outputs } }: ReadEvent, lineage: LineageRun): number {
  if (run.runId !== lineage.rootRunId) return mostSteps;
  if (job.name === lineage.rootName && job.namespace === lineage.rootNamespace) return mostSteps + spareJobs.named;
  return inputs.length + outputs.length === 0 ? mostSteps + spareJobs.unnamed : mostSteps;
}

/**
 * The events whose jobs the run has room for; the others join `late`. The door refuses them where it can tell. What may be
 * the run itself is taken beyond the limit, so that a long run still ends.
 */
async function withinLimit(tx: Tx, lineage: LineageRun, events: ReadEvent[], late: Late[]): Promise<ReadEvent[]> {
  let count = lineage.jobCount;
  if (count + events.length <= mostSteps) return events;
  const named = { ...lineage, ...withRootName(lineage, events) };
  const idOf = ({ event }: ReadEvent) => stepIdOf({ ...lineage, event });
  const known = new Set((await readJobs(tx, [...new Set(events.map(idOf))])).map(job => job.stepLoggingId));
  return events.filter(read => {
    const id = idOf(read);
    if (known.has(id)) return true;
    if (count >= limitFor(read, named)) {
      late.push({ row: read.row, reason: 'too_many_steps' });
      return false;
    }
    count++;
    known.add(id);
    return true;
  });
}

/** Gives the run, which is new, the events that came too early or too late for it before; answers how many. */
async function adoptLate(tx: Tx, { customerId, rootRunId, pipelineLoggingId }: LineageRun): Promise<number> {
  const ofNone = and(
    eq(lineageEvents.customerId, customerId),
    isNull(lineageEvents.pipelineLoggingId),
    eq(lineageEvents.status, lineageWords.skipped),
    eq(lineageEvents.rootRunId, rootRunId),
  );
  const adopted = await tx.update(lineageEvents).set({ pipelineLoggingId }).where(ofNone);
  return adopted.rowCount ?? 0;
}

const latest = (dates: Date[]): Date => new Date(Math.max(...dates.map(at => at.getTime())));
const earliest = (dates: Date[]): Date => new Date(Math.min(...dates.map(at => at.getTime())));

/** Applies events of one run; answers those that came too late. */
async function applyToRun(
  tx: Tx,
  key: { customerId: string; rootRunId: string },
  events: readonly ReadEvent[],
  now: Date,
): Promise<(Late & { runId: string | null })[]> {
  const arrivals = events.map(({ row }) => row.receivedAt);
  const found = await lockRun(tx, key, earliest(arrivals));
  const { applied: inTime, late } = sorted(events, found);
  const applied = await withinLimit(tx, found.lineage, inTime, late);
  const arrived = applied.map(({ row, event }) => ({ ...key, receivedAt: row.receivedAt, event }));
  const touched = await mergeEvents(tx, arrived);
  const first = applied[0]?.row;
  const isNew = found.run === null && applied.length > 0;
  const heard =
    applied.length > 0 ? latest([found.lineage.lastHeardAt, ...applied.map(({ row }) => row.receivedAt)]) : null;
  const lineage = {
    ...found.lineage,
    ...withRootName(found.lineage, applied),
    lastHeardAt: heard ?? found.lineage.lastHeardAt,
    jobCount: found.lineage.jobCount + touched.filter(({ before }) => before === null).length,
  };
  await bringUpToDate(
    tx,
    { lineage, run: found.run },
    {
      touched,
      alive: new Set(
        arrived.filter(({ event }) => ['START', 'RUNNING'].includes(event.eventType)).map(each => stepIdOf(each)),
      ),
      late: late.length + (isNew ? await adoptLate(tx, lineage) : 0),
      toldBy: first ? { apiKeyId: first.apiKeyId, startedBy: first.sentBy } : null,
      now,
    },
  );
  const hasRun = found.run !== null || applied.length > 0;
  return late.map(each => ({ ...each, runId: hasRun ? lineage.pipelineLoggingId : null }));
}

/** False where the customer was erased meanwhile; one that is there is not erased before the transaction ends. */
async function holdCustomer(tx: Tx, customerId: string): Promise<boolean> {
  const { customerId: id } = customers;
  const found = await tx.select({ id }).from(customers).where(eq(id, customerId)).for('key share');
  return found.length > 0;
}

async function applyBatch(tx: Tx, rows: LineageEvent[], now: Date): Promise<BatchDone<LineageEvent>> {
  const [{ customerId }] = rows as [LineageEvent];
  if (!(await holdCustomer(tx, customerId))) return {};
  const events = rows.map(row => ({ row, event: runEventInput.parse(row.event) }));
  const skipped: { row: LineageEvent; set: Partial<LineageEvent> }[] = [];
  for (const { rootRunId, events: ofRun } of await byRun(tx, customerId, events)) {
    for (const { row, reason, runId } of await applyToRun(tx, { customerId, rootRunId }, ofRun, now))
      skipped.push({ row, set: { lateReason: reason, pipelineLoggingId: runId } });
  }
  return { skipped };
}

/**
 * Applies every event that is due and answers what became of them. What events say is written in the transaction that ends
 * them, so a process that dies loses and repeats nothing. Throws when Postgres is away.
 */
export async function applyDueEvents(options: ApplyOptions = {}): Promise<WorkReport> {
  const { clock = systemClock, customers: only, signal } = options;
  return workInTransactions(lineageQueue, async batch => applyBatch(batch.tx, await takeTogether(batch), clock()), {
    clock,
    signal,
    lanes: Math.max(1, Math.min(maxLanes, env().DATABASE_POOL_SIZE - 2)),
    where: only ? inArray(lineageEvents.customerId, [...only]) : undefined,
    apart: { column: lineageEvents.runKey, keyOf: ({ runKey }) => runKey },
    onSettled: ({ eventId, customerId }, outcome, lastError) => {
      if (outcome === 'dead') log().error({ event: eventId, customerId, lastError }, 'a lineage event was given up');
    },
  });
}
