/** What is read of an event of OpenLineage 2-0-2; all else of it is kept as it was sent. Source: docs/lineage.md. */
import { z } from 'zod';
import { eventTypes } from '@/lib/domains/lineage/tables';
import { storableText } from '@/lib/kernel/storable';

const facets = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform(value => value ?? {});
const jobName = storableText(2_000);
const job = z.looseObject({ namespace: jobName, name: jobName, facets });

const dataset = z.looseObject({
  namespace: storableText(2_000),
  name: storableText(2_000),
  facets,
  inputFacets: facets,
  outputFacets: facets,
});
const datasets = z
  .array(dataset)
  .nullish()
  .transform(value => value ?? []);

/** Names another run; where it cannot be read it is left out, as a facet is never a reason to refuse an event. */
const otherRun = z.looseObject({ run: z.looseObject({ runId: z.guid() }), job: z.looseObject({}).optional() });
const parentFacet = otherRun.extend({ root: otherRun.optional().catch(undefined) });
export type ParentFacet = z.output<typeof parentFacet>;

/** A time as clients write it; without an offset it is UTC. */
const eventTime = z.iso
  .datetime({ offset: true, local: true, message: 'Write a time as 2026-11-27T02:10:15.456Z.' })
  .transform(text => new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`))
  .refine(at => at.getTime() >= 0 && at.getUTCFullYear() < 9_999, 'This time cannot be kept.');

/** A run event. An eventType that is not known is OTHER, as the specification has it for what is none of the others. */
export const runEventInput = z.looseObject({
  eventTime,
  eventType: z
    .string()
    .nullish()
    .transform(type => eventTypes.find(known => known === type?.toUpperCase()) ?? 'OTHER'),
  run: z.looseObject({ runId: z.guid('This is no UUID.').transform(id => id.toLowerCase()), facets }),
  job,
  inputs: datasets,
  outputs: datasets,
  producer: z.string().nullish(),
});
export type RunEvent = z.output<typeof runEventInput>;

/** The event's parent facet; null where it has none that can be read. */
export function parentOf({ run }: Pick<RunEvent, 'run'>): ParentFacet | null {
  const { data } = parentFacet.safeParse(run.facets.parent);
  return data ?? null;
}

/** The run that the event is of: the root's, else the parent's, else its own. A UUID in lower case. */
export function rootRunIdOf(event: Pick<RunEvent, 'run'>): string {
  const parent = parentOf(event);
  return (parent?.root?.run.runId ?? parent?.run.runId ?? event.run.runId).toLowerCase();
}

/** dbt's invocation, which stays the same when its events are sent anew under other run ids; null for other senders. */
export function invocationOf({ run }: Pick<RunEvent, 'run'>): string | null {
  const { data } = z.looseObject({ invocation_id: storableText(200) }).safeParse(run.facets.dbt_run);
  return data?.invocation_id ?? null;
}
