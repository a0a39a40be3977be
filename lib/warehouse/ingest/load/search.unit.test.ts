/** Bad rows are found alone, the others arrive, and the number of jobs stays small whatever BigQuery says of the place. */
import { expect, test } from 'vitest';
import { afterRefused, afterSetAside, afterTaken, mostRefusals, newSearch } from '@/lib/warehouse/ingest/load/search';

type Names = 'nothing' | 'the line' | 'a neighbour';

/** Sends rows until none waits, as the loader does; `poison` are the numbers of those that are refused. */
function run(count: number, poison: ReadonlySet<number>, names: Names, batch = 50_000) {
  const waiting = Array.from({ length: count }, (_, index) => index);
  const loaded: number[] = [];
  const aside: number[] = [];
  let search = newSearch();
  let jobs = 0;
  while (waiting.length > 0) {
    const sent = waiting.slice(0, search.next ?? batch);
    const first = sent.findIndex(row => poison.has(row));
    jobs++;
    if (first === -1) {
      loaded.push(...waiting.splice(0, sent.length));
      search = afterTaken(search, sent.length);
      continue;
    }
    const line = { nothing: null, 'the line': first, 'a neighbour': Math.max(0, first - 1) }[names];
    const next = afterRefused(search, sent.length, line);
    if (next === 'set aside') {
      aside.push(...waiting.splice(0, sent.length));
      search = afterSetAside({ ...search, refusals: search.refusals + 1 });
    } else search = next;
  }
  return { loaded, aside, jobs };
}

test.each([
  ['the line', 8],
  ['a neighbour', 30],
  ['nothing', 24],
] as const)('one bad row of 50,000 is found alone where BigQuery names %s, within %i jobs', (names, most) => {
  for (const place of [0, 1, 777, 25_000, 49_999]) {
    const { loaded, aside, jobs } = run(50_000, new Set([place]), names);
    expect(aside).toEqual([place]);
    expect(loaded).toHaveLength(49_999);
    expect(jobs).toBeLessThanOrEqual(most);
  }
});

test('bad rows side by side and far apart are each found alone', () => {
  const poison = new Set([3, 4, 5, 1_000, 1_999]);
  for (const names of ['nothing', 'the line', 'a neighbour'] as const) {
    const { aside, loaded } = run(2_000, poison, names);
    expect(aside).toEqual([...poison]);
    expect(loaded).toHaveLength(1_995);
  }
});

test('where all rows are bad the search ends after so many jobs, and what is refused is set aside as it stands', () => {
  const all = new Set(Array.from({ length: 50_000 }, (_, index) => index));
  for (const names of ['nothing', 'the line'] as const) {
    const { aside, jobs } = run(50_000, all, names);
    expect(aside).toHaveLength(50_000);
    expect(jobs).toBeLessThanOrEqual(mostRefusals + 2);
  }
});
