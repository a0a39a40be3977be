/** How many facets of one job are kept, and which go where there are more. Pure. Source: docs/lineage.md, Steps and checks. */
import type { KeptFacet } from '@/lib/domains/lineage/tables';

type Kept = Record<string, KeptFacet>;

/** Where the names of facets that were left out are kept; no facet of a sender has this name, as theirs have a prefix. */
const leftOutName = 'left_out';
/** Where the number of assertions that were left out is kept. */
const assertionsName = 'assertions_left_out';
/** Facets of one job; more is what no sender means. */
export const mostFacets = 1_000;
/** Names that are told of those left out. */
const mostNames = 50;
/** They have a meaning of their own, and go for their number never. */
const alwaysKept = new Set([
  leftOutName,
  assertionsName,
  'job.jobType',
  'job.sql',
  'run.parent',
  'run.errorMessage',
  'run.dbt_run',
  'inputs',
  'outputs',
  'producer',
]);

const namesIn = (facets: Kept): string[] => {
  const names = facets[leftOutName]?.value;
  return Array.isArray(names) ? names.filter(name => typeof name === 'string') : [];
};

/** The first names of facets that were left out, without those that came again. */
export const leftOutOf = (facets: Kept): string[] => namesIn(facets).filter(name => facets[name] === undefined);

/** The facets with these names among those left out; in any order the same. */
function naming(facets: Kept, names: readonly string[]): Kept {
  const all = [...new Set([...namesIn(facets), ...names])].sort().slice(0, mostNames);
  return all.length > 0 ? { ...facets, [leftOutName]: { at: '', type: 'OTHER', value: all } } : facets;
}

/** The facets without these, whose names are kept. */
export function withoutFacets(facets: Kept, names: ReadonlySet<string>): Kept {
  if (names.size === 0) return facets;
  const kept = Object.entries(facets).filter(([name]) => !names.has(name));
  return naming(Object.fromEntries(kept), [...names]);
}

/** The facets with the names of what was left out of `other`. */
export const withLeftOutOf = (facets: Kept, other: Kept): Kept => naming(facets, namesIn(other));

// A facet is merged with many others, and its size is asked each time.
const sizes = new WeakMap<KeptFacet, number>();
function sizeOf(facet: KeptFacet): number {
  const known = sizes.get(facet);
  if (known !== undefined) return known;
  const size = JSON.stringify(facet).length;
  sizes.set(facet, size);
  return size;
}

/** Facets by size, the largest first; of equals the first by name. */
export const bySize = (facets: Kept): { name: string; size: number }[] =>
  Object.entries(facets)
    .map(([name, facet]) => ({ name, size: sizeOf(facet) }))
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));

/** At most so many facets as are kept of one job, the smallest. */
export function boundedFacets(facets: Kept): Kept {
  if (Object.keys(facets).length <= mostFacets) return facets;
  const counted = bySize(facets).filter(({ name }) => !alwaysKept.has(name));
  return withoutFacets(
    facets,
    new Set(counted.slice(0, Math.max(0, counted.length - mostFacets)).map(({ name }) => name)),
  );
}

/** At least how many assertions were left out. */
export const assertionsLeftOut = (facets: Kept): number => Number(facets[assertionsName]?.value ?? 0);

/** The facets with that number. */
export const withAssertionsLeftOut = (facets: Kept, value: number): Kept =>
  value > 0 ? { ...facets, [assertionsName]: { at: '', type: 'OTHER', value } } : facets;
