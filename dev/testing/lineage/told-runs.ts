/** What tests of lineage ask: events put where the door leaves them, and what was made of them. */
import { and, asc, eq } from 'drizzle-orm';
import type { World } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { sweepDueRuns } from '@/lib/domains/lineage/apply/sweep';
import { rootRunIdOf, runEventInput } from '@/lib/domains/lineage/input';
import type { SentEvent } from '@/lib/domains/lineage/samples/samples';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import { type DqResult, dqResults, type Run, runs, type StepLog, stepLogs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

type Owner = Pick<World, 'customerId'>;

/** Puts events in line as if they had arrived then, each after the one before it. */
export async function queueEvents(
  { customerId }: Owner,
  events: readonly SentEvent[],
  receivedAt = new Date(),
): Promise<number[]> {
  const ids: number[] = [];
  for (let start = 0; start < events.length; start += 1_000) {
    const rows = events.slice(start, start + 1_000).map(event => {
      const read = runEventInput.parse(event);
      const rootRunId = rootRunIdOf(read);
      return {
        customerId,
        rootRunId,
        runKey: `${customerId}:${rootRunId}`,
        apiKeyId: 'key_test',
        sentBy: 'api_key:key_test',
        receivedAt,
        nextAttemptAt: receivedAt,
        eventTime: read.eventTime,
        event,
        bytes: JSON.stringify(event).length,
        status: 'waiting' as const,
      };
    });
    ids.push(
      ...(await db().insert(lineageEvents).values(rows).returning({ id: lineageEvents.eventId })).map(({ id }) => id),
    );
  }
  return ids;
}

/** Applies what waits of this customer, and looks at its runs that are due, at `now`. */
export async function applyAll({ customerId }: Owner, now = new Date()): Promise<void> {
  const options = { customers: [customerId], clock: () => now };
  await applyDueEvents(options);
  await sweepDueRuns(options);
}

/** Puts events in line and applies them, as at `now`. */
export async function tell(owner: Owner, events: readonly SentEvent[], now = new Date()): Promise<void> {
  await queueEvents(owner, events, now);
  await applyAll(owner, now);
}

export type Told = { run: Run; steps: StepLog[]; checks: DqResult[] };

/** The customer's runs, the first heard of first, with their steps in order and their checks by table. */
export async function toldRuns({ customerId }: Owner): Promise<Told[]> {
  const found = await db()
    .select()
    .from(runs)
    .where(eq(runs.customerId, customerId))
    .orderBy(asc(runs.createdAt), asc(runs.pipelineLoggingId));
  return Promise.all(
    found.map(async run => {
      const { pipelineLoggingId: id } = run;
      const [steps, checks] = await Promise.all([
        db()
          .select()
          .from(stepLogs)
          .where(and(eq(stepLogs.customerId, customerId), eq(stepLogs.pipelineLoggingId, id)))
          .orderBy(asc(stepLogs.stepIndex), asc(stepLogs.stepName)),
        db()
          .select()
          .from(dqResults)
          .where(and(eq(dqResults.customerId, customerId), eq(dqResults.pipelineLoggingId, id)))
          .orderBy(asc(dqResults.targetTable), asc(dqResults.dqConfigId)),
      ]);
      return { run, steps, checks };
    }),
  );
}

/** The only run of the customer. */
export async function toldRun(owner: Owner): Promise<Told> {
  const [told, ...more] = await toldRuns(owner);
  if (!told || more.length > 0) throw new Error(`the customer has ${more.length + Number(told !== undefined)} runs`);
  return told;
}
