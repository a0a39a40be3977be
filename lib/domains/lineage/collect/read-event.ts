/** Reads one event of OpenLineage as it was sent: a row of the queue, an event that tells of no run, or what is wrong with it. */
import type { z } from 'zod';
import { makeKeepable } from '@/lib/domains/lineage/collect/keepable';
import { rootRunIdOf, runEventInput } from '@/lib/domains/lineage/input';
import { stepIdOf } from '@/lib/domains/lineage/merge/merge-jobs';
import { lineageSizes } from '@/lib/domains/lineage/rules';
import { actorLabel, type CustomerCtx } from '@/lib/kernel/ctx';
import { fieldErrors } from '@/lib/kernel/input';
import { maxJsonDepth } from '@/lib/kernel/storable';
import type { FieldError } from '@/lib/platform/errors';
import { inputMessage } from '@/lib/platform/input-messages';

/** A run event on its way into the queue. */
export type NewLineageEvent = {
  customer_id: string;
  root_run_id: string;
  run_key: string;
  api_key_id: string;
  sent_by: string;
  event_time: string;
  /** The step that it is of, by which a run that is full knows its own; null where it shares the run's id, and so may end it. */
  step_id: string | null;
  /** Length of the text. */
  bytes: number;
  /** The event as JSON text. */
  event: string;
};

export type ReadEvent =
  | { kind: 'run'; row: NewLineageEvent }
  /** A dataset event or job event. */
  | { kind: 'other' }
  | { kind: 'wrong'; fields: FieldError[] };

/** Two workers are never at events of the same key. */
const runKeyOf = (customerId: string, rootRunId: string): string => `${customerId}/${rootRunId}`;

const { job } = runEventInput.shape;
const jobEvent = runEventInput.pick({ eventTime: true, job: true });
const datasetEvent = runEventInput.pick({ eventTime: true }).safeExtend({ dataset: job });

/** Datasets of one event, each way; zod names every wrong one, which takes its time. */
const mostDatasets = 10_000;

const wrong = (path: string, message: string): ReadEvent => ({ kind: 'wrong', fields: [{ path, message }] });
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (event: Record<string, unknown>, name: string) => event[name] !== undefined && event[name] !== null;

function datasetProblem(event: Record<string, unknown>): ReadEvent | null {
  for (const name of ['inputs', 'outputs']) {
    const { [name]: list } = event;
    if (!Array.isArray(list)) continue;
    if (list.length > mostDatasets) return wrong(name, `An event has at most ${mostDatasets} of them.`);
    const at = list.findIndex(item => !isObject(item));
    if (at >= 0) return wrong(`${name}.${at}`, 'A dataset is an object.');
  }
  return null;
}

function parsed<Schema extends z.ZodType>(schema: Schema, event: unknown) {
  const { data, error } = schema.safeParse(event, { error: inputMessage });
  return error ? { fields: fieldErrors(error) } : { data: data as z.output<Schema> };
}

/** What an event is that has no run, and says no state of one; it is read so far that its sender hears of a mistake. */
function readOther(event: Record<string, unknown>): ReadEvent {
  const { fields } = parsed(has(event, 'dataset') ? datasetEvent : jobEvent, event);
  return fields ? { kind: 'wrong', fields } : { kind: 'other' };
}

/** Changes the event: what cannot be kept of it is replaced. Source: docs/lineage.md, On the wire. */
export function readEvent(event: unknown, ctx: CustomerCtx): ReadEvent {
  if (!isObject(event)) return wrong('', 'An event is a JSON object.');
  if (!makeKeepable(event)) return wrong('', `It is nested deeper than ${maxJsonDepth} levels.`);
  const isOfRun = has(event, 'run') || has(event, 'eventType') || !(has(event, 'job') || has(event, 'dataset'));
  if (!isOfRun) return readOther(event);
  const problem = datasetProblem(event);
  if (problem) return problem;
  const { data, fields } = parsed(runEventInput, event);
  if (!data) return { kind: 'wrong', fields };
  const text = JSON.stringify(event);
  const bytes = Buffer.byteLength(text);
  if (bytes > lineageSizes.eventBytes) return wrong('', `An event has at most ${lineageSizes.eventBytes} bytes.`);
  const rootRunId = rootRunIdOf(data);
  const row = {
    customer_id: ctx.customerId,
    root_run_id: rootRunId,
    run_key: runKeyOf(ctx.customerId, rootRunId),
    api_key_id: ctx.actor.id,
    sent_by: actorLabel(ctx.actor),
    event_time: data.eventTime.toISOString(),
    step_id: data.run.runId === rootRunId ? null : stepIdOf({ customerId: ctx.customerId, rootRunId, event: data }),
    bytes,
    event: text,
  };
  return { kind: 'run', row };
}
