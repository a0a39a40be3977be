/** Events of one job become one row, in any order and however often each comes. Pure. Source: docs/lineage.md, State. */
import { invocationOf, parentOf, type RunEvent, rootRunIdOf } from '@/lib/domains/lineage/input';
import { assertionsOf, isAllSkipped, mergeAssertions, rowsWritten } from '@/lib/domains/lineage/merge/assertions';
import { facetsOf, textIn } from '@/lib/domains/lineage/merge/facets';
import {
  assertionsLeftOut,
  boundedFacets,
  withAssertionsLeftOut,
  withLeftOutOf,
} from '@/lib/domains/lineage/merge/left-out';
import { endOutranks, standing, type Told } from '@/lib/domains/lineage/merge/rank';
import { type KeptFacet, type LineageJob, type TerminalType, terminalTypes } from '@/lib/domains/lineage/tables';
import { derivedRunId } from '@/lib/domains/runs/start/queue-run';

/** An event with the run that it belongs to, and when it arrived here. */
export type Arrived = { customerId: string; rootRunId: string; receivedAt: Date; event: RunEvent };

const isTerminal = (type: RunEvent['eventType']): type is TerminalType =>
  terminalTypes.some(terminal => terminal === type);

/** The job that the event is of, as step_logging_id: by the sender's run id, or dbt's invocation, and the job. */
export function stepIdOf({ customerId, rootRunId, event }: Omit<Arrived, 'receivedAt'>): string {
  const within = invocationOf(event) ?? event.run.runId;
  return derivedRunId('lineage', customerId, rootRunId, within, event.job.namespace, event.job.name);
}

/** The row of a job of which only this event was ever sent. */
export function jobOf({ customerId, rootRunId, receivedAt, event }: Arrived): LineageJob {
  const { eventType, eventTime } = event;
  // Several runs may tell of the same job only where it is known by its invocation.
  const telling = {
    at: eventTime.toISOString(),
    type: eventType,
    ...(invocationOf(event) === null ? {} : { run: event.run.runId }),
  };
  const ends = isTerminal(eventType);
  const { kept: assertions, leftOut } = ends ? assertionsOf(event, telling) : { kept: [], leftOut: 0 };
  const facets = Object.entries(facetsOf(event)).map(([name, value]) => [name, { ...telling, value }] as const);
  const parent = parentOf(event);
  return {
    stepLoggingId: stepIdOf({ customerId, rootRunId, event }),
    customerId,
    rootRunId,
    runId: event.run.runId,
    namespace: event.job.namespace,
    name: event.job.name,
    sharesRootId: event.run.runId === rootRunIdOf(event),
    hasDatasets: event.inputs.length + event.outputs.length > 0,
    isBelowRoot: parent !== null && parent.run.runId.toLowerCase() === rootRunIdOf(event),
    integration: textIn(event.job.facets.jobType, 'integration'),
    heardAt: receivedAt,
    firstEventTime: eventTime,
    startTime: eventType === 'START' ? eventTime : null,
    terminalType: ends ? eventType : null,
    terminalTime: ends ? eventTime : null,
    terminalRunId: ends ? event.run.runId : null,
    isSkipped: ends && isAllSkipped(event, assertions),
    rowsProcessed: ends ? rowsWritten(event) : null,
    assertions,
    facets: withAssertionsLeftOut(boundedFacets(Object.fromEntries(facets)), leftOut),
    storedStart: null,
  };
}

const lowest = (...ids: string[]): string => ids.sort()[0] ?? '';
const earlier = (a: Date, b: Date): Date => (b < a ? b : a);
const earliest = (a: Date | null, b: Date | null): Date | null => (a && b ? earlier(a, b) : (a ?? b));

/** The end that a job's row tells of, comparable with another. */
function endOf(job: LineageJob): Told | null {
  const { terminalType: type, terminalTime, terminalRunId, isSkipped, rowsProcessed } = job;
  if (type === null || terminalTime === null) return null;
  const isOfInvocation = Object.values(job.facets).some(facet => facet.run !== undefined);
  const run = isOfInvocation && terminalRunId !== null ? { run: terminalRunId } : {};
  return { at: terminalTime.toISOString(), type, ...run, value: [isSkipped, rowsProcessed] };
}

type End = Pick<LineageJob, 'terminalType' | 'terminalTime' | 'terminalRunId' | 'isSkipped' | 'rowsProcessed'>;
function endOfBoth(a: LineageJob, b: LineageJob): End {
  const [ofA, ofB] = [endOf(a), endOf(b)];
  const { terminalType, terminalTime, terminalRunId, isSkipped, rowsProcessed } =
    ofA === null || (ofB !== null && endOutranks(ofB, ofA)) ? b : a;
  return { terminalType, terminalTime, terminalRunId, isSkipped, rowsProcessed };
}

function facetsOfBoth(a: LineageJob['facets'], b: LineageJob['facets']): Record<string, KeptFacet> {
  const both: Record<string, KeptFacet> = { ...a };
  for (const [name, facet] of Object.entries(b)) {
    const known = both[name];
    both[name] = known ? standing(known, facet) : facet;
  }
  return boundedFacets(withLeftOutOf(withLeftOutOf(both, a), b));
}

/** One row of two of the same job: in any order and grouping the same, and the row itself where they are alike. */
export function mergeJobs(a: LineageJob, b: LineageJob): LineageJob {
  const { kept: assertions, leftOut } = mergeAssertions(a.assertions, b.assertions);
  const mostLeftOut = Math.max(leftOut, assertionsLeftOut(a.facets), assertionsLeftOut(b.facets));
  const facets = withAssertionsLeftOut(facetsOfBoth(a.facets, b.facets), mostLeftOut);
  return {
    ...a,
    runId: lowest(a.runId, b.runId),
    sharesRootId: a.sharesRootId || b.sharesRootId,
    hasDatasets: a.hasDatasets || b.hasDatasets,
    isBelowRoot: a.isBelowRoot || b.isBelowRoot,
    integration: textIn(facets['job.jobType']?.value, 'integration'),
    heardAt: earlier(a.heardAt, b.heardAt),
    firstEventTime: earlier(a.firstEventTime, b.firstEventTime),
    startTime: earliest(a.startTime, b.startTime),
    ...endOfBoth(a, b),
    assertions,
    facets,
    storedStart: a.storedStart ?? b.storedStart,
  };
}
