/** Which run events are of, and its row in lineage_runs, locked. Source: docs/lineage.md, Which run. */
import { and, eq, inArray } from 'drizzle-orm';
import { invocationOf, parentOf, type RunEvent, rootRunIdOf } from '@/lib/domains/lineage/input';
import { type LineageEvent, type LineageRun, lineageInvocations, lineageRuns } from '@/lib/domains/lineage/tables';
import { derivedRunId } from '@/lib/domains/runs/start/queue-run';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { storableStart } from '@/lib/kernel/storable';
import type { Tx } from '@/lib/platform/db';

/** A stored event with what is read of it. */
export type ReadEvent = { row: LineageEvent; event: RunEvent };

/** The run of each invocation of dbt: the one that it was first heard of under. */
async function runsOfInvocations(
  tx: Tx,
  customerId: string,
  events: readonly ReadEvent[],
): Promise<Map<string, string>> {
  const wanted = new Map<string, { rootRunId: string; heardAt: Date }>();
  for (const { row, event } of events) {
    const invocationId = invocationOf(event);
    if (invocationId !== null && !wanted.has(invocationId))
      wanted.set(invocationId, { rootRunId: rootRunIdOf(event), heardAt: row.receivedAt });
  }
  if (wanted.size === 0) return new Map();
  const ids = [...wanted.keys()].sort();
  const of = and(eq(lineageInvocations.customerId, customerId), inArray(lineageInvocations.invocationId, ids));
  const read = async () =>
    new Map((await tx.select().from(lineageInvocations).where(of)).map(row => [row.invocationId, row.rootRunId]));
  const known = await read();
  const fresh = [...wanted].filter(([id]) => !known.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (fresh.length === 0) return known;
  const rows = fresh.map(([invocationId, first]) => ({ customerId, invocationId, ...first }));
  await tx.insert(lineageInvocations).values(rows).onConflictDoNothing();
  return read();
}

/** The events by their run, in the order of the runs’ ids, so that no two workers wait for each other. */
export async function byRun(
  tx: Tx,
  customerId: string,
  events: readonly ReadEvent[],
): Promise<{ rootRunId: string; events: ReadEvent[] }[]> {
  const invocations = await runsOfInvocations(tx, customerId, events);
  const groups = new Map<string, ReadEvent[]>();
  for (const read of events) {
    const rootRunId = invocations.get(invocationOf(read.event) ?? '') ?? rootRunIdOf(read.event);
    groups.set(rootRunId, [...(groups.get(rootRunId) ?? []), read]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rootRunId, ofRun]) => ({ rootRunId, events: ofRun }));
}

/** What is known of a run before these events: its row in lineage_runs, locked, and in runs, not locked. */
export type FoundRun = { lineage: LineageRun; run: Run | null };

const ofRoot = (customerId: string, rootRunId: string) =>
  and(eq(lineageRuns.customerId, customerId), eq(lineageRuns.rootRunId, rootRunId));

/** A run’s row in lineage_runs as it is when its first event arrives. */
async function firstHeard(tx: Tx, key: { customerId: string; rootRunId: string }, heardAt: Date): Promise<LineageRun> {
  const [run] = await tx.select().from(runs).where(eq(runs.pipelineLoggingId, key.rootRunId));
  const isForeign = run !== undefined && run.customerId !== key.customerId;
  const own = run && !isForeign ? run : null;
  return {
    ...key,
    pipelineLoggingId: isForeign ? derivedRunId('lineage run', key.customerId, key.rootRunId) : key.rootRunId,
    isReserved: own !== null && own.origin !== 'observed',
    rootNamespace: null,
    rootName: null,
    heardAt,
    lastHeardAt: heardAt,
    // Of a run that is there already the start is no longer asked.
    settledAt: own ? heardAt : null,
    endHeardAt: own?.endTime ?? null,
    ownStepId: null,
    dueAt: null,
    jobCount: 0,
  };
}

/** The run of these events; its row in lineage_runs is made where there is none, and is locked until the transaction ends. */
export async function lockRun(
  tx: Tx,
  { customerId, rootRunId }: { customerId: string; rootRunId: string },
  heardAt: Date,
): Promise<FoundRun> {
  const find = async () => (await tx.select().from(lineageRuns).where(ofRoot(customerId, rootRunId)).for('update'))[0];
  let lineage = await find();
  if (!lineage) {
    await tx
      .insert(lineageRuns)
      .values(await firstHeard(tx, { customerId, rootRunId }, heardAt))
      .onConflictDoNothing();
    lineage = await find();
  }
  if (!lineage) throw new Error('the run went away while it was locked');
  const own = and(eq(runs.pipelineLoggingId, lineage.pipelineLoggingId), eq(runs.customerId, customerId));
  const [run = null] = await tx.select().from(runs).where(own);
  return { lineage, run };
}

/** Of a namespace or name, as in events of the job itself. */
const longestName = 2_000;

type RootName = Pick<LineageRun, 'rootNamespace' | 'rootName'>;

/** The run’s job as a child names it: the root’s, or its parent’s where that is the root; cut to what a job's own name may be. */
function rootNamedBy(event: RunEvent): { namespace: string; name: string } | null {
  const parent = parentOf(event);
  const job = parent?.root ? parent.root.job : parent?.job;
  const { namespace, name } = (job ?? {}) as { namespace?: unknown; name?: unknown };
  return typeof namespace === 'string' && typeof name === 'string' && name !== ''
    ? { namespace: storableStart(namespace, longestName), name: storableStart(name, longestName) }
    : null;
}

/** The run’s name with what these events say of it; of several the first in the alphabet, so that no order matters. */
export function withRootName(known: RootName, events: readonly ReadEvent[]): RootName {
  let root = known;
  for (const { event } of events) {
    const named = rootNamedBy(event);
    if (named === null) continue;
    const isFirst =
      root.rootName === null ||
      JSON.stringify([named.namespace, named.name]) < JSON.stringify([root.rootNamespace, root.rootName]);
    if (isFirst) root = { rootNamespace: named.namespace, rootName: named.name };
  }
  return root;
}
