/** Rows in statements that Postgres takes: a statement has 65,535 parameters. */

const perStatement = 1_000;

export function* slices<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += perStatement) yield items.slice(at, at + perStatement);
}
