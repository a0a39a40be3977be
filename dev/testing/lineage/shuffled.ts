/** The same events in another order, some of them more than once, as networks and retries leave them. */

/** Numbers in 0–1 that follow from the seed, so that a failing order can be tried again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The items in an order by chance. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other] as Item, all[last] as Item];
  }
  return all;
}

/** Each item up to three times, in an order by chance. */
export const shuffledAndRepeated = <Item>(items: readonly Item[], random: () => number): Item[] =>
  shuffled(
    items.flatMap(item => Array.from({ length: 1 + Math.floor(random() * 3) }, () => item)),
    random,
  );
