/**
 * Events as real clients sent them, one a line: openlineage-python and dbt-ol 1.54 with dbt 1.10 and DuckDB, and a result of
 * Great Expectations 1.24. For tests and the demo, which give them new ids and times of their own.
 */
import { readFileSync } from 'node:fs';
import { newUuid } from '@/lib/platform/ids';

export const sampleNames = [
  'client-lifecycle',
  'client-lifecycle-async',
  'client-fail',
  'client-retry-503-then-201',
  'dbt-run',
  'dbt-run-parent',
  'dbt-run-error',
  'dbt-run-error-structured',
  'dbt-seed',
  'dbt-test',
  'dbt-build',
  'dbt-build-error',
  'dbt-build-structured',
  'ge-openlineage-post',
] as const;
export type SampleName = (typeof sampleNames)[number];

/** An event as it was sent. */
export type SentEvent = {
  eventTime: string;
  eventType?: string;
  run: { runId: string; facets?: Record<string, unknown> };
  job: { namespace: string; name: string; facets?: Record<string, unknown> };
  [field: string]: unknown;
};

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** The events with other UUIDs, equal ones by equal ones. */
export function withNewIds(events: readonly SentEvent[]): SentEvent[] {
  const ids = new Map<string, string>();
  const text = JSON.stringify(events).replaceAll(uuid, id => {
    const known = ids.get(id) ?? newUuid();
    ids.set(id, known);
    return known;
  });
  return JSON.parse(text) as SentEvent[];
}

const timeOf = ({ eventTime }: SentEvent): number => Date.parse(eventTime);

/** The events as if the last one had been sent at `end`, with what lay between them. */
export function endingAt(events: readonly SentEvent[], end: Date): SentEvent[] {
  const shift = end.getTime() - Math.max(...events.map(timeOf));
  return events.map(event => ({ ...event, eventTime: new Date(timeOf(event) + shift).toISOString() }));
}

/** The sample’s events as they were sent, with their own ids and times. */
export const recordedEvents = (name: SampleName): SentEvent[] =>
  readFileSync(new URL(`${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as SentEvent);

/** The sample’s events with new ids, the last one sent at `end`. */
export const sampleEvents = (name: SampleName, end: Date): SentEvent[] =>
  endingAt(withNewIds(recordedEvents(name)), end);
