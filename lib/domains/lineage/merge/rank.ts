/** Which of two tellings stands: the later one, whatever order they come in. Pure. Source: docs/lineage.md, State. */
import type { EventType } from '@/lib/domains/lineage/tables';

/** When a value was told, by what event, and by which of several runs where more than one may tell of the same job. */
export type Told = { at: string; type: EventType; run?: string; value: unknown };

/** Of events of one instant the one that ends a job says more than the others, and a failure more than a success. */
const ranks: Record<EventType, number> = { OTHER: 0, START: 1, RUNNING: 2, COMPLETE: 3, ABORT: 4, FAIL: 5 };

/** JSON with the names of objects in order, so that equal values are equal texts. */
export function orderedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Whether `a` stands before `b`: of several runs the lowest, then the later one, then the one of the telling type. What is
 * equal in all of it is told apart by its text, so that no order matters.
 */
export function outranks(a: Told, b: Told): boolean {
  const by =
    compare(b.run ?? '', a.run ?? '') ||
    compare(a.at, b.at) ||
    compare(ranks[a.type], ranks[b.type]) ||
    compare(orderedJson(a.value), orderedJson(b.value));
  return by > 0;
}

/**
 * Whether the end `a` stands before `b`, where several runs may tell of the same job: a failure before all else, as dbt's
 * events sent anew end with COMPLETE whatever dbt had come to.
 */
export const endOutranks = (a: Told, b: Told): boolean =>
  a.run !== undefined && b.run !== undefined && a.type !== b.type ? ranks[a.type] > ranks[b.type] : outranks(a, b);

/** The one that stands; of equals the first. */
export const standing = <Item extends Told>(a: Item, b: Item): Item => (outranks(b, a) ? b : a);
