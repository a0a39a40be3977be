/** How many assertions of one job are kept, and which go where there are more. Pure. Source: docs/lineage.md, Limits. */
import { orderedJson } from '@/lib/domains/lineage/merge/rank';
import type { KeptAssertion, KeptAssertions } from '@/lib/domains/lineage/tables';

/** Of one dataset, of one job in number and in characters of JSON, and of one event as they are read. */
export const mostAssertions = { ofDataset: 1_000, ofJob: 5_000, chars: 2_000_000, ofEvent: 5_000 };

/** Assertions, and at least how many more there were. */
export type Gathered = { kept: KeptAssertions[]; leftOut: number };

// An assertion is merged with many others, and the same is asked of it each time.
const known = new WeakMap<KeptAssertion, { key: string; size: number }>();
function factsOf(assertion: KeptAssertion): { key: string; size: number } {
  const before = known.get(assertion);
  if (before) return before;
  const { success: _success, actual, severity: _severity, ...asserted } = assertion.value;
  const key = orderedJson(asserted);
  const facts = { key, size: key.length + (JSON.stringify(actual)?.length ?? 0) };
  known.set(assertion, facts);
  return facts;
}

/** What is asserted, without what came of it. */
export const keyOf = (assertion: KeptAssertion): string => factsOf(assertion).key;

/** Failures are kept before all else, and what was tried before what was skipped. */
export const rankOf = ({ skipped, value }: KeptAssertion): number => (skipped ? 2 : value.success === false ? 0 : 1);

/** The first of a dataset: its failures first, then by what they assert. */
function ofDataset(list: KeptAssertions): KeptAssertions {
  if (list.assertions.length <= mostAssertions.ofDataset) return list;
  const kept = new Set(list.assertions.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, mostAssertions.ofDataset));
  return { ...list, assertions: list.assertions.filter(assertion => kept.has(assertion)) };
}

/** The first of a job by number and size, and the datasets that have any of them. */
function ofJob(lists: KeptAssertions[]): KeptAssertions[] {
  const all = lists.flatMap(({ assertions }) => assertions);
  const chars = all.reduce((sum, assertion) => sum + factsOf(assertion).size, 0);
  if (all.length <= mostAssertions.ofJob && chars <= mostAssertions.chars) return lists;
  let free = mostAssertions.chars;
  const kept = new Set<KeptAssertion>();
  for (const assertion of all.sort((a, b) => rankOf(a) - rankOf(b))) {
    const { size } = factsOf(assertion);
    if (kept.size >= mostAssertions.ofJob) break;
    if (size > free) continue;
    free -= size;
    kept.add(assertion);
  }
  return lists.flatMap(list => {
    const assertions = list.assertions.filter(assertion => kept.has(assertion));
    return assertions.length > 0 ? [{ ...list, assertions }] : [];
  });
}

const countOf = (lists: KeptAssertions[]): number => lists.reduce((sum, { assertions }) => sum + assertions.length, 0);

/** As many as are kept of one job, of lists that are in order. */
export function boundedAssertions(lists: KeptAssertions[]): Gathered {
  const kept = ofJob(lists.map(ofDataset));
  return { kept, leftOut: countOf(lists) - countOf(kept) };
}
