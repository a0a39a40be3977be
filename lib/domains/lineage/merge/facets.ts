/** What is kept of an event’s facets and datasets. Pure. Source: docs/lineage.md, Steps and checks. */
import type { RunEvent } from '@/lib/domains/lineage/input';

type Facets = Record<string, unknown>;
type Dataset = RunEvent['inputs'][number];

/** Signs that are kept of a stack trace. */
const maxTrace = 10_000;
/** Where a facet comes from is said by every one of them and tells nothing of the run. */
const notKept = new Set(['_producer', '_schemaURL']);
/** They become checks and rows, with fields of their own. */
const ownFields = new Set(['dataQualityAssertions', 'outputStatistics']);

const isObject = (value: unknown): value is Facets =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withoutOrigin(facet: unknown): unknown {
  if (!isObject(facet)) return facet;
  const kept = Object.entries(facet).filter(([name]) => !notKept.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === 'stackTrace' && typeof value === 'string' ? value.slice(0, maxTrace) : value,
    ]),
  );
}

const trimmed = (facets: Facets): Facets =>
  Object.fromEntries(
    Object.entries(facets)
      .filter(([name]) => !ownFields.has(name))
      .map(([name, facet]) => [name, withoutOrigin(facet)]),
  );

function datasetOf({ namespace, name, facets, inputFacets, outputFacets }: Dataset): Facets {
  const all = trimmed({ ...facets, ...inputFacets, ...outputFacets });
  return { namespace, name, ...(Object.keys(all).length > 0 ? { facets: all } : {}) };
}

/** Facets as `run.<name>` and `job.<name>`, and the datasets, where there are any, as `inputs` and `outputs`. */
export function facetsOf({ run, job, inputs, outputs, producer }: RunEvent): Facets {
  const named = (prefix: string, facets: Facets): [string, unknown][] =>
    Object.entries(trimmed(facets)).map(([name, facet]) => [`${prefix}.${name}`, facet]);
  return Object.fromEntries([
    ...named('run', run.facets),
    ...named('job', job.facets),
    ...(inputs.length > 0 ? [['inputs', inputs.map(datasetOf)]] : []),
    ...(outputs.length > 0 ? [['outputs', outputs.map(datasetOf)]] : []),
    ...(producer ? [['producer', producer]] : []),
  ]) as Facets;
}

/** A text field of a facet; null where it has none. */
export function textIn(facet: unknown, field: string): string | null {
  const value = isObject(facet) ? facet[field] : null;
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
