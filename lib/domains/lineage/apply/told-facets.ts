/** What a job’s facets are shown as: a step’s metadata, a run’s parameters. Pure. Source: docs/lineage.md, Steps and checks. */
import { textIn } from '@/lib/domains/lineage/merge/facets';
import { assertionsLeftOut, leftOutOf } from '@/lib/domains/lineage/merge/left-out';
import type { LineageJob } from '@/lib/domains/lineage/tables';

/** Of one JSON column. */
const maxBytes = 262_144;
/** They have fields of their own, or are told in another place. */
const shownElsewhere = new Set([
  'job.jobType',
  'job.sql',
  'run.parent',
  'run.errorMessage',
  'inputs',
  'outputs',
  'producer',
]);

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function parentIn(facet: unknown): Json | null {
  if (!isObject(facet) || !isObject(facet.run)) return null;
  const job = isObject(facet.job) ? facet.job : {};
  return {
    run_id: textIn(facet.run, 'runId')?.toLowerCase() ?? null,
    namespace: textIn(job, 'namespace'),
    name: textIn(job, 'name'),
  };
}

/** Facets of the run and of the job that have no field of their own, by their names. */
function facetsIn(job: LineageJob, prefix: 'run.' | 'job.'): Json {
  const own = Object.entries(job.facets).filter(([name]) => name.startsWith(prefix) && !shownElsewhere.has(name));
  return Object.fromEntries(own.map(([name, { value }]) => [name.slice(prefix.length), value]));
}

const toldIn = (job: LineageJob, name: string): unknown => job.facets[name]?.value;

/** Without what is not there. */
const present = (fields: Json): Json =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(isObject(value) && Object.keys(value).length === 0),
    ),
  );

function toldOf(job: LineageJob): { fields: Json; facets: Json } {
  const error = toldIn(job, 'run.errorMessage');
  const fields = present({
    run_id: job.runId,
    namespace: job.namespace,
    name: job.name,
    integration: job.integration,
    processing_type: textIn(toldIn(job, 'job.jobType'), 'processingType'),
    parent: parentIn(toldIn(job, 'run.parent')),
    producer: toldIn(job, 'producer'),
    assertions_left_out: assertionsLeftOut(job.facets) || null,
  });
  const facets = present({
    sql: textIn(toldIn(job, 'job.sql'), 'query'),
    stack_trace: textIn(error, 'stackTrace'),
    inputs: toldIn(job, 'inputs'),
    outputs: toldIn(job, 'outputs'),
    ...facetsIn(job, 'job.'),
    ...facetsIn(job, 'run.'),
  });
  return { fields, facets };
}

/** What is told of a job as JSON of at most 256 KiB; the largest facets are left out first, and `left_out` names them. */
export function boundedJson(job: LineageJob): Json {
  const { fields, facets } = toldOf(job);
  const sizes = Object.entries(facets)
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(JSON.stringify(value)) + name.length + 4 }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const leftOut = new Set(leftOutOf(job.facets).map(name => name.replace(/^(?:run|job)\./, '')));
  const kept = new Map(Object.entries(facets));
  let free = maxBytes - Buffer.byteLength(JSON.stringify(fields)) - 1_000;
  free -= sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of sizes) {
    if (free >= 0) break;
    free += bytes;
    leftOut.add(name);
    kept.delete(name);
  }
  const told = { ...Object.fromEntries(kept), ...fields };
  return leftOut.size > 0 ? { ...told, left_out: [...leftOut].slice(0, 50) } : told;
}
